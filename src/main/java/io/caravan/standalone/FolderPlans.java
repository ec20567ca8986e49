/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.PipelineId;
import io.caravan.api.manifest.Finding;
import io.caravan.api.manifest.Finding.Severity;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * From what lies in folders to a plan: reads what has settled, keeps the last good version of the
 * rest, plans.
 *
 * <p>Has no thread and no clock of its own. Not thread-safe.
 */
final class FolderPlans {
  static final Duration QUIET = Duration.ofMillis(200);
  static final Duration GRACE = Duration.ofSeconds(5);

  private final FolderFiles files;
  private final List<KameletSource> shipped;
  private final Settling settling = new Settling(QUIET);
  private final FolderCluster cluster = new FolderCluster(GRACE);
  private Set<Finding> told = Set.of();
  private final PipelineLives lives;
  private final DeletedPipelines deleted;
  private List<Named> planned = List.of();

  /** Without the deleted ones. */
  private Plan live = Plan.EMPTY;

  private Plan plan = Plan.EMPTY;

  FolderPlans(FolderFiles files, List<KameletSource> shipped, PipelineLives lives) {
    this.files = files;
    this.shipped = List.copyOf(shipped);
    this.lives = lives;
    this.deleted = new DeletedPipelines(this.shipped);
  }

  /** Reads everything that lies there, settled or not. */
  void begin(FolderScan scan, Instant now) {
    cluster.wasThere(
        lives.live().stream().flatMap(life -> life.manifest().map(life::named).stream()).toList());
    settling.begin(scan).forEach(file -> cluster.read(file, files.read(file)));
    cluster.begin(now, scan::isUnknown);
    plan(cluster.resources(), now);
  }

  /** Has what was planned survive this process: before a plan runs, so that it finds its places. */
  void remember() {
    lives.save();
  }

  /**
   * Looks at what has changed.
   *
   * @return when to look again although nothing stirs
   */
  Optional<Instant> look(FolderScan scan, Instant now) {
    Settling.Look look = settling.look(scan, now);
    look.gone().forEach(cluster::gone);
    boolean allRead = true;
    for (Path file : look.read()) {
      allRead &= read(file, scan);
    }
    Optional<Instant> settles = cluster.settle(now);
    replan(now);
    return Stream.of(
            look.next(),
            settles,
            allRead ? Optional.<Instant>empty() : Optional.of(now.plus(QUIET)))
        .flatMap(Optional::stream)
        .min(Comparator.naturalOrder());
  }

  /** Whether the file has stayed the same while it was read; it is not taken otherwise. */
  private boolean read(Path file, FolderScan scan) {
    var content = files.read(file);
    if (FileStamp.of(file).equals(Optional.ofNullable(scan.files().get(file)))) {
      cluster.read(file, content);
      return true;
    }
    settling.unread(file);
    return false;
  }

  private void replan(Instant now) {
    List<Named> resources = cluster.resources();
    if (!resources.equals(planned)) {
      plan(resources, now);
    }
  }

  private void plan(List<Named> resources, Instant now) {
    planned = resources;
    Plan before = live;
    List<Named> named = named(resources);
    live = LastGoodPlan.over(before, FolderPlan.of(named, shipped, now));
    Set<PipelineId> there = new HashSet<>();
    live.pipelines().forEach(one -> there.add(one.id()));
    before.pipelines().stream()
        .filter(one -> !there.contains(one.id()))
        .forEach(one -> deleted.add(one, now));
    lives.live().stream()
        .map(PipelineLife::id)
        .filter(id -> !there.contains(id))
        .forEach(id -> lives.delete(id, now));
    PipelineLife.of(named, live, shipped).forEach(lives::put);
    merge(now);
  }

  /** Each pipeline with the uid that tells it from a deleted one of its name. */
  private List<Named> named(List<Named> resources) {
    return resources.stream()
        .map(
            one ->
                one.content() instanceof Named.OfPipeline(Pipeline pipeline, String _)
                    ? one.withUid(lives.id(pipeline.id().withoutUid()).uid())
                    : one)
        .toList();
  }

  private void merge(Instant now) {
    deleted.plan(lives.deleted(), planned, now);
    plan =
        new Plan(
            Stream.concat(live.pipelines().stream(), deleted.all().stream())
                .sorted(Comparator.comparing(PipelinePlan::id))
                .toList());
  }

  /** Nothing is left of these, which are deleted. */
  void ended(Set<PipelineId> ids, Instant now) {
    ids.forEach(lives::forget);
    merge(now);
  }

  /** What is to run now. */
  Plan plan() {
    return plan;
  }

  /** Everything that is to be said of the files as they are. */
  List<Finding> findings() {
    return cluster.findings();
  }

  /** The same, without what was said at the last call. */
  List<Finding> newFindings() {
    Set<Finding> now = new LinkedHashSet<>(cluster.findings());
    List<Finding> fresh = now.stream().filter(finding -> !told.contains(finding)).toList();
    told = now;
    return fresh;
  }

  /** Whether anything stands in the folders that was meant to be a pipeline or to serve one. */
  boolean empty() {
    return planned.isEmpty()
        && cluster.findings().stream().noneMatch(finding -> finding.severity() == Severity.ERROR);
  }
}
