/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.Condition;
import io.caravan.api.PipelineId;
import io.caravan.node.PipelineState;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a pipeline stands: what was planned for it and how that fares.
 *
 * @param runs the digest of the version that runs
 * @param delivers where the planned version delivers, or the running one where nothing is planned
 * @param loadError why the planned version does not run
 */
public record Standing(
    PipelineId id,
    Optional<String> runs,
    Optional<String> planned,
    String delivers,
    Condition condition,
    Optional<String> loadError,
    List<String> notices) {

  /** By pipeline; one that is deleted is not here. */
  static SortedMap<PipelineId, Standing> of(Plan plan, Collection<PipelineState> states) {
    Map<PipelineId, PipelineState> byId =
        states.stream().collect(Collectors.toMap(PipelineState::id, Function.identity()));
    SortedMap<PipelineId, Standing> all = new TreeMap<>();
    for (PipelinePlan planned : plan.pipelines()) {
      if (planned.deletedAt().isPresent()) {
        continue;
      }
      Optional<PipelineState> state = Optional.ofNullable(byId.get(planned.id()));
      all.put(
          planned.id(),
          new Standing(
              planned.id(),
              state.flatMap(one -> Optional.ofNullable(one.runningDigest())),
              planned.routes().map(PipelineRoutes::digest),
              planned.routes().map(PipelineRoutes::destination).orElse(""),
              planned.configurationGenerated(),
              state.flatMap(one -> Optional.ofNullable(one.loadError())),
              planned.notices()));
    }
    return all;
  }

  /** Whether the manifest as it is now is what runs. */
  public boolean healthy() {
    return runs.isPresent() && loadError.isEmpty() && condition.status() == Condition.Status.TRUE;
  }

  /** Why not; empty if healthy. */
  public String trouble() {
    return loadError.orElseGet(
        () ->
            condition.status() == Condition.Status.TRUE
                ? ""
                : condition.reason() + ": " + condition.message());
  }
}
