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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A deleted pipeline that still has something to deliver.
 *
 * @param trouble why it cannot; empty if it can, if its backend does
 */
record Leftover(PipelinePlan plan, Remainder remainder, Optional<String> trouble) {

  /** Those of a plan that runs; a deleted pipeline without a remainder has ended. */
  static List<Leftover> of(
      Plan plan, Map<PipelineId, Remainder> remainders, Collection<PipelineState> states) {
    List<Leftover> all = new ArrayList<>();
    for (PipelinePlan one : plan.pipelines()) {
      Remainder remainder = remainders.get(one.id());
      if (one.deletedAt().isPresent() && remainder != null) {
        all.add(new Leftover(one, remainder, trouble(one, states)));
      }
    }
    return all;
  }

  private static Optional<String> trouble(PipelinePlan plan, Collection<PipelineState> states) {
    return plan.routes().isEmpty()
        ? Optional.of(plan.configurationGenerated().message())
        : states.stream()
            .filter(state -> state.id().equals(plan.id()))
            .flatMap(state -> Stream.ofNullable(state.loadError()))
            .findFirst();
  }

  /** Where it delivers; empty if it cannot. */
  String delivers() {
    return plan.routes().map(PipelineRoutes::destination).orElse("");
  }

  /** Tells, if that is so, that nothing of it will arrive. */
  void tell() {
    trouble.ifPresent(why -> EventLog.stranded(plan.id(), why, remainder.until()));
  }
}
