/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.KameletSource;
import io.caravan.api.PipelineId;
import io.caravan.api.manifest.Finding;
import io.caravan.plan.Plan;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Runs what lies in folders: read, plan, apply, report, and again when something changes.
 *
 * <p>One thread follows the folders; {@link #status} may be called from any.
 */
public final class Standalone implements AutoCloseable {
  /**
   * Where the operating system's events do not reach, in links to other folders and network file
   * systems, a change is to take effect within a second too.
   */
  private static final Duration RESCAN = Duration.ofMillis(500);

  private final List<Path> folders;
  private final FolderPlans plans;
  private final DataPlane plane;
  private final Clock clock;

  private Plan applied = Plan.EMPTY;
  private Set<Path> missing = Set.of();
  private volatile SortedMap<PipelineId, Standing> standings = Collections.emptySortedMap();
  private volatile List<Finding> findings = List.of();
  private volatile List<Leftover> deleted = List.of();
  private volatile boolean closing;
  private Optional<FolderWatch> watch = Optional.empty();
  private Optional<Thread> follower = Optional.empty();

  /**
   * @param folders where manifests, Secrets and Kamelets lie
   * @param shipped the connectors that are there without any folder
   * @param lives the pipelines that were there before
   */
  public Standalone(
      List<Path> folders,
      FolderFiles files,
      List<KameletSource> shipped,
      PipelineLives lives,
      DataPlane plane,
      Clock clock) {
    this.folders = distinct(folders);
    this.plans = new FolderPlans(files, shipped, lives);
    this.plane = plane;
    this.clock = clock;
  }

  /** One folder that is named in two ways is not to hold everything twice. */
  private static List<Path> distinct(List<Path> folders) {
    Map<Path, Path> byRealPath = new LinkedHashMap<>();
    for (Path folder : folders) {
      Path real;
      try {
        real = folder.toRealPath();
      } catch (IOException e) {
        real = folder.toAbsolutePath().normalize(); // not there yet
      }
      byRealPath.putIfAbsent(real, folder);
    }
    return List.copyOf(byRealPath.values());
  }

  /** Reads the folders for the first time and plans; nothing runs yet. */
  public Plan begin() {
    plans.begin(FolderScan.of(folders), clock.instant());
    standings = Standing.of(plans.plan(), List.of());
    findings = plans.newFindings();
    return plans.plan();
  }

  /** Everything that is to be said of the files as they are. */
  public List<Finding> findings() {
    return findings;
  }

  /** How each pipeline stands, in the order of their ids. */
  public Collection<Standing> standings() {
    return standings.values();
  }

  /**
   * Runs the first plan and follows the folders from then on.
   *
   * @throws Exception if the data plane does not start
   */
  public void start() throws Exception {
    FolderWatch events = FolderWatch.of(folders);
    watch = Optional.of(events);
    run();
    follower = Optional.of(Thread.ofPlatform().name("folders").start(() -> follow(events)));
  }

  /** Runs the first plan; whoever calls this and not {@link #start} looks for himself. */
  void run() throws Exception {
    applied = plans.plan();
    plans.remember();
    plane.start(applied);
    standings = Standing.of(applied, plane.states());
    followDeleted();
  }

  /**
   * Tells what is wrong at start. What runs as it should is told by whoever starts us, in one
   * piece.
   */
  public void tell() {
    EventLog.findings(findings);
    EventLog.events(
        Event.between(new TreeMap<>(), standings).stream()
            .filter(event -> !(event instanceof Event.Started))
            .toList());
  }

  /** Whether the folders hold nothing that was meant for us. */
  public boolean empty() {
    return plans.empty();
  }

  private void follow(FolderWatch watch) {
    Duration wait = RESCAN;
    while (!closing) {
      try {
        watch.await(wait);
        wait = look();
      } catch (ClosedWatchServiceException | InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        EventLog.failed(e);
        wait = RESCAN;
      }
    }
  }

  /**
   * Looks at the folders and does what is to be done.
   *
   * @return how long to wait for the next look
   */
  Duration look() {
    FolderScan scan = FolderScan.of(folders);
    tellMissing(scan.missing());
    Instant now = clock.instant();
    endDeleted(now);
    Optional<Instant> next = plans.look(scan, now);
    findings = plans.findings();
    EventLog.findings(plans.newFindings());
    apply();
    Duration due = next.map(instant -> Duration.between(now, instant)).orElse(RESCAN);
    return due.compareTo(RESCAN) < 0 ? due : RESCAN;
  }

  /** Of those that run in the plane. */
  private void endDeleted(Instant now) {
    followDeleted();
    Set<PipelineId> over = new TreeSet<>();
    applied.pipelines().stream()
        .filter(one -> one.deletedAt().isPresent())
        .forEach(one -> over.add(one.id()));
    deleted.forEach(one -> over.remove(one.plan().id()));
    if (!over.isEmpty()) {
      plans.ended(over, now);
    }
  }

  private void followDeleted() {
    Set<PipelineId> known = new TreeSet<>();
    deleted.forEach(one -> known.add(one.plan().id()));
    deleted = Leftover.of(applied, plane.remainders(), plane.states());
    deleted.stream().filter(one -> !known.contains(one.plan().id())).forEach(Leftover::tell);
  }

  private void tellMissing(Set<Path> now) {
    Set<Path> gone = new TreeSet<>(now);
    gone.removeAll(missing);
    gone.forEach(EventLog::folderGone);
    Set<Path> back = new TreeSet<>(missing);
    back.removeAll(now);
    back.forEach(EventLog::folderBack);
    missing = now;
  }

  private void apply() {
    Plan next = plans.plan();
    plans.remember(); // also what could not be written before
    if (!next.equals(applied)) {
      applied = next;
      try {
        plane.apply(next);
      } catch (RuntimeException e) {
        EventLog.failed(e);
      }
    }
    SortedMap<PipelineId, Standing> now = Standing.of(applied, plane.states());
    EventLog.events(Event.between(standings, now));
    standings = now;
    followDeleted();
  }

  /** For the control socket. */
  public ObjectNode status() {
    return StatusReport.of(standings.values(), deleted, findings);
  }

  /** Stops following and drains the data plane, within its own bound. */
  @Override
  public void close() {
    closing = true;
    try {
      if (watch.isPresent()) {
        watch.get().close();
      }
      if (follower.isPresent()) {
        // It may be applying a plan, which has a bound of its own.
        follower.get().join();
      }
    } catch (IOException e) {
      EventLog.failed(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    plane.close();
  }
}
