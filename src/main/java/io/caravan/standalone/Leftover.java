/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.PipelineId;
import io.caravan.api.Remainder;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A deleted pipeline that still has something to deliver. */
record Leftover(PipelinePlan plan, Remainder remainder) {

  /** Those of a plan that runs; a deleted pipeline without a remainder has ended. */
  static List<Leftover> of(Plan plan, Map<PipelineId, Remainder> remainders) {
    return plan.pipelines().stream()
        .filter(one -> one.deletedAt().isPresent())
        .flatMap(
            one -> Stream.ofNullable(remainders.get(one.id())).map(left -> new Leftover(one, left)))
        .toList();
  }

  /** Where it delivers; empty if it cannot. */
  String delivers() {
    return plan.routes().map(PipelineRoutes::destination).orElse("");
  }

  /** Tells, if that is so, that nothing of it will arrive. */
  void tell() {
    if (plan.routes().isEmpty()) {
      EventLog.stranded(plan);
    }
  }
}
