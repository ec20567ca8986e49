/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.PipelineKind;
import io.caravan.plan.PipelinePlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of a pipeline, in the order of the predecessor. Immutable. */
public final class PipelineConditions {
  private final String troubleshooting;

  /**
   * @param troubleshooting the address of the page that messages point to
   */
  public PipelineConditions(String troubleshooting) {
    this.troubleshooting = troubleshooting;
  }

  /**
   * All of them.
   *
   * @param plan the pipeline as it was planned
   * @param health what the data plane says; of no meaning where the plan has no routes
   */
  public List<Condition> of(PipelinePlan plan, PipelineHealth health) {
    PipelineKind kind = plan.id().kind();
    Condition generated = plan.configurationGenerated();
    boolean runs = generated.status() == Status.TRUE;
    List<Condition> conditions = new ArrayList<>();
    conditions.add(generated);
    if (!(health.gateway() instanceof WorkloadHealth.NotRequired)) {
      conditions.add(gateway(kind, runs, health));
    }
    if (kind != PipelineKind.TRACE) {
      conditions.add(
          taken(new HealthCondition(agent(kind)), health.agent(), health.agentNotTaken()));
    }
    FlowCondition flow = new FlowCondition(kind, troubleshooting);
    conditions.add(runs ? flow.of(health.gatewayFlow(), health.agentFlow()) : flow.notGenerated());
    return conditions;
  }

  private static Condition gateway(PipelineKind kind, boolean runs, PipelineHealth health) {
    HealthCondition gateway = new HealthCondition(Component.GATEWAY);
    return runs ? taken(gateway, health.gateway(), health.notTaken()) : gateway.notGenerated(kind);
  }

  /**
   * A ready pod that has not taken the pipeline counts whatever the others do: a roll-out may last
   * for as long as some node is away.
   */
  private static Condition taken(
      HealthCondition condition, WorkloadHealth health, Optional<String> notTaken) {
    boolean works =
        health instanceof WorkloadHealth.Ready || health instanceof WorkloadHealth.RollingOut;
    return works && notTaken.isPresent()
        ? condition.notTaken(notTaken.get())
        : condition.of(health);
  }

  private static Component agent(PipelineKind kind) {
    return kind == PipelineKind.LOG ? Component.LOG_AGENT : Component.METRIC_AGENT;
  }
}
