/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import java.util.Optional;

/**
 * How the data plane fares with one pipeline.
 *
 * @param gateway the gateway; not required where no pushed telemetry is taken
 * @param gatewayFlow what becomes of telemetry in it
 * @param agent the agent of the pipeline's kind
 * @param agentFlow what becomes of telemetry in it; healthy where it is not required
 * @param notTaken a pod of the gateway that should run this pipeline as it is now and does not, and
 *     why; for people
 * @param agentNotTaken the same of the agent
 */
public record PipelineHealth(
    WorkloadHealth gateway,
    Flow gatewayFlow,
    WorkloadHealth agent,
    Flow agentFlow,
    Optional<String> notTaken,
    Optional<String> agentNotTaken) {

  /** Where the agent's pods have all taken the pipeline, or there are none. */
  public PipelineHealth(
      WorkloadHealth gateway,
      Flow gatewayFlow,
      WorkloadHealth agent,
      Flow agentFlow,
      Optional<String> notTaken) {
    this(gateway, gatewayFlow, agent, agentFlow, notTaken, Optional.empty());
  }
}
