/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.PipelineId;
import io.caravan.api.Remainder;
import io.caravan.node.PipelineState;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Runs nothing and behaves like a node: a version that does not load leaves the earlier one. */
final class RecordingPlane implements DataPlane {
  /** What it was told to run, in order. */
  final List<Plan> plans = new ArrayList<>();

  /** Destinations whose routes do not load. */
  final Set<String> refused = new HashSet<>();

  /** What deleted pipelines have left. */
  final SortedMap<PipelineId, Remainder> remainders = new TreeMap<>();

  private final Map<PipelineId, String> running = new TreeMap<>();
  private List<PipelineState> states = List.of();

  @Override
  public void start(Plan plan) {
    apply(plan);
  }

  @Override
  public void apply(Plan plan) {
    plans.add(plan);
    running
        .keySet()
        .retainAll(
            plan.pipelines().stream()
                .filter(one -> one.routes().isPresent())
                .map(PipelinePlan::id)
                .toList());
    states = plan.pipelines().stream().map(this::load).toList();
  }

  private PipelineState load(PipelinePlan pipeline) {
    if (pipeline.routes().isEmpty()) {
      return new PipelineState(pipeline.id(), null, null, null);
    }
    PipelineRoutes routes = pipeline.routes().get();
    boolean loads = !refused.contains(routes.destination());
    if (loads) {
      running.put(pipeline.id(), routes.digest());
    }
    return new PipelineState(
        pipeline.id(),
        running.get(pipeline.id()),
        routes.digest(),
        loads ? null : "no such component");
  }

  @Override
  public List<PipelineState> states() {
    return states;
  }

  @Override
  public SortedMap<PipelineId, Remainder> remainders() {
    return remainders;
  }

  @Override
  public void close() {
    running.clear();
  }
}
