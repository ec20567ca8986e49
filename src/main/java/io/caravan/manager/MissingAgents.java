/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.api.LogPipeline;
import io.caravan.api.MetricPipeline;
import io.caravan.api.Pipeline;
import io.caravan.api.TracePipeline;
import io.caravan.manager.round.ReadPipeline;
import io.caravan.manager.status.WorkloadHealth;

/** This version has no agents; a pipeline that waits for one is told so. */
final class MissingAgents {
  private MissingAgents() {}

  /** How the agent is that a pipeline waits for. */
  static WorkloadHealth of(ReadPipeline pipeline) {
    if (!(pipeline instanceof ReadPipeline.Valid(var _, var _, Pipeline valid))) {
      return new WorkloadHealth.NotRequired();
    }
    return switch (valid) {
      case LogPipeline logs ->
          logs.input().runtime().enabled()
              ? missing("Log Agent", "spec.input.runtime collects no container logs yet")
              : new WorkloadHealth.NotRequired();
      case MetricPipeline metrics ->
          metrics.input().prometheus().enabled()
                  || metrics.input().istio().enabled()
                  || metrics.input().runtime().enabled()
              ? missing(
                  "Metric Agent", "spec.input.prometheus, istio and runtime collect nothing yet")
              : new WorkloadHealth.NotRequired();
      case TracePipeline _ -> new WorkloadHealth.NotRequired();
    };
  }

  private static WorkloadHealth missing(String agent, String consequence) {
    return new WorkloadHealth.NotReady(
        "This version has no %s: %s; what is pushed is delivered".formatted(agent, consequence));
  }
}
