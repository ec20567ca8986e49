/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.PipelineKind;

/** {@code GatewayHealthy} and {@code AgentHealthy}. */
final class HealthCondition {
  private final Component component;

  HealthCondition(Component component) {
    this.component = component;
  }

  /** Where the pipeline's configuration could not be generated. */
  Condition notGenerated(PipelineKind kind) {
    return condition(
        Status.FALSE,
        component.role() + "ConfigurationNotGenerated",
        "This %s's specification is not applied to the configuration of the %s. Check the 'ConfigurationGenerated' condition for more details"
            .formatted(
                kind.kind(), component == Component.GATEWAY ? "OTLP gateway" : component.title()));
  }

  /** A ready pod does not run the pipeline as it is. */
  Condition notTaken(String message) {
    return condition(Status.FALSE, component.role() + "NotReady", message);
  }

  Condition of(WorkloadHealth health) {
    return switch (health) {
      case WorkloadHealth.Ready(WorkloadKind kind) ->
          condition(
              Status.TRUE,
              component.role() + "Ready",
              "%s %s is ready".formatted(component.title(), kind));
      case WorkloadHealth.RollingOut _ ->
          condition(Status.TRUE, "RolloutInProgress", "Pods are being started/updated");
      case WorkloadHealth.NotRequired _ ->
          condition(Status.TRUE, component.role() + "NotRequired", "");
      case WorkloadHealth.NotReady(String message) ->
          condition(Status.FALSE, component.role() + "NotReady", message);
    };
  }

  private Condition condition(Status status, String reason, String message) {
    return new Condition(component.role() + "Healthy", status, reason, message);
  }
}
