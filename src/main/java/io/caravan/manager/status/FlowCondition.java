/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.PipelineKind;
import java.util.Locale;

/** {@code TelemetryFlowHealthy}: whether a pipeline's telemetry arrives. */
final class FlowCondition {
  static final String TYPE = "TelemetryFlowHealthy";

  private final PipelineKind kind;
  private final String troubleshooting;

  /**
   * @param troubleshooting the address of the page that messages point to
   */
  FlowCondition(PipelineKind kind, String troubleshooting) {
    this.kind = kind;
    this.troubleshooting = troubleshooting;
  }

  Condition notGenerated() {
    return new Condition(
        TYPE,
        Status.FALSE,
        "ConfigurationNotGenerated",
        "No %s delivered to backend because %s specification is not applied to the configuration of %s. Check the 'ConfigurationGenerated' condition for more details"
            .formatted(records(), kind.kind(), Component.GATEWAY.title()));
  }

  /**
   * What is told of the two: of logs the worse, and the agent's where both are as bad; of metrics
   * the gateway's unless that is healthy, as the predecessor does.
   */
  Condition of(Flow gateway, Flow agent) {
    if (agent == Flow.UNKNOWN || gateway == Flow.UNKNOWN) {
      return unknown(gateway == Flow.UNKNOWN ? Component.GATEWAY : agent());
    }
    boolean agentCounts =
        switch (kind) {
          case LOG -> agent.compareTo(gateway) >= 0;
          case METRIC -> gateway == Flow.HEALTHY;
          case TRACE -> false;
        };
    return agentCounts && agent != Flow.HEALTHY
        ? of(agent, agent())
        : of(gateway, Component.GATEWAY);
  }

  private Component agent() {
    return kind == PipelineKind.LOG ? Component.LOG_AGENT : Component.METRIC_AGENT;
  }

  private Condition unknown(Component component) {
    return new Condition(
        TYPE,
        Status.UNKNOWN,
        component.role() + "ProbingFailed",
        "Could not determine the health of the telemetry flow because the self monitor probing of %s failed"
            .formatted(component == Component.GATEWAY ? "gateway" : "agent"));
  }

  private Condition of(Flow flow, Component component) {
    return switch (flow) {
      case HEALTHY ->
          new Condition(
              TYPE, Status.TRUE, "FlowHealthy", "No problems detected in the telemetry flow");
      case THROTTLING ->
          failed(
              component.role() + "Throttling",
              "%s is unable to receive %s at current rate.".formatted(component.title(), records()),
              "gateway-throttling");
      case BUFFER_FILLING_UP ->
          failed(
              component.role() + "BufferFillingUp",
              "Buffer nearing capacity. Incoming %s rate exceeds export rate.".formatted(record()),
              "buffer-filling-up");
      case NOTHING_DELIVERED ->
          failed(
              component == Component.LOG_AGENT
                  ? "AgentNoLogsDelivered"
                  : component.role() + "NoTelemetryDelivered",
              "Backend is not reachable or rejecting %s. %s are buffered and not yet dropped."
                  .formatted(
                      records(),
                      records().substring(0, 1).toUpperCase(Locale.ROOT) + records().substring(1)),
              "no-data-arrive-at-the-backend");
      case SOME_DROPPED ->
          failed(
              component.role() + "SomeTelemetryDataDropped",
              "Backend is reachable, but rejecting %s. Some %s are dropped in %s."
                  .formatted(records(), records(), component.title()),
              "not-all-data-arrive-at-the-backend");
      case ALL_DROPPED ->
          failed(
              component.role() + "AllTelemetryDataDropped",
              "Backend is not reachable or rejecting %s. All %s are dropped in %s."
                  .formatted(records(), records(), component.title()),
              "no-data-arrive-at-the-backend");
      case UNKNOWN -> unknown(component);
    };
  }

  private Condition failed(String reason, String message, String section) {
    return new Condition(
        TYPE,
        Status.FALSE,
        reason,
        "%s See troubleshooting: %s#%s".formatted(message, troubleshooting, section));
  }

  private String records() {
    return switch (kind) {
      case LOG -> "logs";
      case METRIC -> "metrics";
      case TRACE -> "spans";
    };
  }

  private String record() {
    return switch (kind) {
      case LOG -> "log";
      case METRIC -> "metric";
      case TRACE -> "span";
    };
  }
}
