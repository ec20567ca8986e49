/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import io.caravan.api.PipelineId;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which version of each pipeline is to run in a component, and since when that is so. Immutable.
 * Pipelines that are deleted, or have nothing that could run, are not among them.
 */
public record PlannedDigests(SortedMap<PipelineId, Version> versions) {

  /** A version of a pipeline, and when it was laid out. */
  public record Version(String digest, Instant since) {}

  /** Before the first plan. */
  public static final PlannedDigests NONE = new PlannedDigests(new TreeMap<>());

  /** Copies the map. */
  public PlannedDigests {
    versions = Collections.unmodifiableSortedMap(new TreeMap<>(versions));
  }

  /**
   * The same after another plan was laid out in shards. A pipeline whose digest is as it was keeps
   * its time.
   *
   * @param plan what the shards of the API server have, which is not always what was planned; only
   *     the pipelines that the component runs
   */
  public PlannedDigests next(Plan plan, Instant now) {
    SortedMap<PipelineId, Version> next = new TreeMap<>();
    for (PipelinePlan each : plan.pipelines()) {
      if (each.deletedAt().isEmpty()) {
        each.routes()
            .map(PipelineRoutes::digest)
            .ifPresent(digest -> next.put(each.id(), version(each.id(), digest, now)));
      }
    }
    return new PlannedDigests(next);
  }

  private Version version(PipelineId id, String digest, Instant now) {
    Version before = versions.get(id);
    return before != null && before.digest.equals(digest) ? before : new Version(digest, now);
  }
}
