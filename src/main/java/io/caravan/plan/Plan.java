/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.List;

/**
 * What a node is to run, sorted by pipeline. Made by {@link Planner}; equal snapshots give equal
 * plans.
 */
public record Plan(List<PipelinePlan> pipelines) {

  public static final Plan EMPTY = new Plan(List.of());

  public Plan {
    pipelines = List.copyOf(pipelines);
  }
}
