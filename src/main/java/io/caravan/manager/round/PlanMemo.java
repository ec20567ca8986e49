/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.PipelineId;
import io.caravan.api.Secret;
import io.caravan.api.Telemetry;
import io.caravan.api.ValueType.SecretKeyRef;
import io.caravan.manager.cluster.SecretName;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.Planner;
import io.caravan.plan.SecretReferences;
import io.caravan.plan.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans as the {@link Planner} does, and only those pipelines that may mean something else than
 * before: a pipeline whose specification, Secrets and surroundings are as they were is not planned
 * again, which for one with a client certificate costs a hundred times what comparing does. Not
 * thread-safe.
 */
public final class PlanMemo {
  /**
   * How long what was planned holds without a change, and as much again by chance of the name, so
   * that not all are planned at once. So much later than it happens is told that a certificate has
   * expired, of which days before were a warning.
   */
  static final Duration HOLDS = Duration.ofMinutes(5);

  private Map<PipelineId, Known> known = new HashMap<>();
  private Optional<Telemetry> telemetry = Optional.empty();
  private List<KameletSource> kamelets = List.of();

  private record Known(
      Pipeline pipeline, List<Optional<Secret>> secrets, PipelinePlan plan, Instant until) {}

  /** The plan of a snapshot. */
  public Plan plan(Snapshot snapshot) {
    if (snapshot.maxPipelines().isPresent()) {
      return Planner.plan(snapshot); // who has a place is decided among all of them
    }
    if (!snapshot.telemetry().equals(telemetry) || !snapshot.kamelets().equals(kamelets)) {
      known = new HashMap<>();
      telemetry = snapshot.telemetry();
      kamelets = snapshot.kamelets();
    }
    Map<SecretName, Secret> secrets = new HashMap<>();
    snapshot
        .secrets()
        .forEach(each -> secrets.put(new SecretName(each.namespace(), each.name()), each));
    Map<PipelineId, Known> now = new HashMap<>();
    Map<PipelineId, List<Optional<Secret>>> read = new HashMap<>();
    List<Pipeline> changed = new ArrayList<>();
    for (Pipeline each : snapshot.pipelines()) {
      List<Optional<Secret>> mine = secrets(each, secrets);
      Known last = known.get(each.id());
      if (last != null && holds(last, each, mine, snapshot.now())) {
        now.put(each.id(), last);
      } else {
        changed.add(each);
        read.put(each.id(), mine);
      }
    }
    Map<PipelineId, Pipeline> byId = new HashMap<>();
    changed.forEach(each -> byId.put(each.id(), each));
    for (PipelinePlan each : planned(changed, snapshot).pipelines()) {
      Pipeline pipeline = byId.get(each.id());
      List<Optional<Secret>> mine = read.get(each.id());
      if (pipeline != null && mine != null) {
        now.put(each.id(), new Known(pipeline, mine, each, until(each.id(), snapshot.now())));
      }
    }
    known = now;
    return new Plan(
        now.values().stream()
            .map(Known::plan)
            .sorted(Comparator.comparing(PipelinePlan::id))
            .toList());
  }

  private static List<Optional<Secret>> secrets(Pipeline pipeline, Map<SecretName, Secret> all) {
    List<Optional<Secret>> found = new ArrayList<>();
    for (SecretKeyRef each : SecretReferences.of(pipeline)) {
      found.add(Optional.ofNullable(all.get(new SecretName(each.namespace(), each.name()))));
    }
    return found;
  }

  private static boolean holds(
      Known last, Pipeline pipeline, List<Optional<Secret>> secrets, Instant now) {
    return last.pipeline.equals(pipeline)
        && last.secrets.equals(secrets)
        && now.isBefore(last.until);
  }

  private static Instant until(PipelineId id, Instant now) {
    long spread = (id.hashCode() * 0x9E3779B97F4A7C15L) >>> 20; // alike names are far apart
    return now.plus(HOLDS).plusMillis(spread % HOLDS.toMillis());
  }

  private static Plan planned(List<Pipeline> pipelines, Snapshot of) {
    return pipelines.isEmpty()
        ? Plan.EMPTY
        : Planner.plan(
            new Snapshot(
                pipelines,
                of.telemetry(),
                of.secrets(),
                of.kamelets(),
                of.mode(),
                of.now(),
                of.maxPipelines()));
  }
}
