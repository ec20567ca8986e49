/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.PipelineId;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Keeps a pipeline running whose new version cannot be run.
 *
 * <p>In a cluster such a pipeline stops, because its owner sees the condition. Here somebody edits
 * files under a running process, and a slip must not cost telemetry.
 */
final class LastGoodPlan {
  private LastGoodPlan() {}

  /**
   * {@code next}, with the routes, notices and delivery of {@code before} for every pipeline for
   * which it has no routes. The condition stays that of the new version.
   */
  static Plan over(Plan before, Plan next) {
    Map<PipelineId, PipelinePlan> earlier =
        before.pipelines().stream()
            .collect(Collectors.toMap(PipelinePlan::id, Function.identity()));
    return new Plan(
        next.pipelines().stream()
            .map(pipeline -> keep(Optional.ofNullable(earlier.get(pipeline.id())), pipeline))
            .toList());
  }

  private static PipelinePlan keep(Optional<PipelinePlan> before, PipelinePlan next) {
    Optional<PipelinePlan> kept = before.filter(one -> next.routes().isEmpty());
    return new PipelinePlan(
        next.id(),
        next.configurationGenerated(),
        // They belong to what runs, and are not to be told again when the slip is mended.
        kept.map(PipelinePlan::notices).orElse(next.notices()),
        // What was written for the new version may not suit the one that goes on.
        kept.map(PipelinePlan::delivery).orElse(next.delivery()),
        next.deletedAt(),
        next.routes().or(() -> kept.flatMap(PipelinePlan::routes)));
  }
}
