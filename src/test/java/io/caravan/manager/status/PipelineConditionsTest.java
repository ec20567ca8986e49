/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.plan.PipelinePlan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The conditions of a pipeline")
class PipelineConditionsTest {
  private static final WorkloadHealth READY = new WorkloadHealth.Ready();
  private static final WorkloadHealth NOT_REQUIRED = new WorkloadHealth.NotRequired();
  private static final PipelineHealth HEALTHY =
      new PipelineHealth(READY, Flow.HEALTHY, NOT_REQUIRED, Flow.HEALTHY, Optional.empty());

  private final PipelineConditions conditions = new PipelineConditions("https://docs");

  @Test
  void shouldBeThoseOfTheKindInTheOrderOfThePredecessor() {
    assertThat(types(PipelineKind.TRACE, HEALTHY))
        .containsExactly("ConfigurationGenerated", "GatewayHealthy", "TelemetryFlowHealthy");
    assertThat(types(PipelineKind.METRIC, HEALTHY))
        .containsExactly(
            "ConfigurationGenerated", "GatewayHealthy", "AgentHealthy", "TelemetryFlowHealthy");
  }

  @Test
  void shouldSayNothingOfAGatewayThatThePipelineDoesNotUse() {
    PipelineHealth agentOnly =
        new PipelineHealth(NOT_REQUIRED, Flow.HEALTHY, READY, Flow.HEALTHY, Optional.empty());

    assertThat(types(PipelineKind.LOG, agentOnly))
        .containsExactly("ConfigurationGenerated", "AgentHealthy", "TelemetryFlowHealthy");
  }

  @ParameterizedTest
  @EnumSource(PipelineKind.class)
  void shouldAllBeFalseWhereTheConfigurationIs(PipelineKind kind) {
    List<Condition> all = conditions.of(plan(kind, Status.FALSE), HEALTHY);

    assertThat(find(all, "GatewayHealthy"))
        .isEqualTo(
            new Condition(
                "GatewayHealthy",
                Status.FALSE,
                "GatewayConfigurationNotGenerated",
                "This %s's specification is not applied to the configuration of the OTLP gateway. Check the 'ConfigurationGenerated' condition for more details"
                    .formatted(kind.kind())));
    assertThat(find(all, "TelemetryFlowHealthy").reason()).isEqualTo("ConfigurationNotGenerated");
  }

  @Test
  void shouldSayHowTheWorkloadsStand() {
    PipelineHealth health =
        new PipelineHealth(
            new WorkloadHealth.NotReady("No Pods deployed"),
            Flow.HEALTHY,
            new WorkloadHealth.RollingOut(),
            Flow.HEALTHY,
            Optional.empty());

    List<Condition> all = conditions.of(plan(PipelineKind.METRIC, Status.TRUE), health);

    assertThat(all)
        .contains(
            new Condition("GatewayHealthy", Status.FALSE, "GatewayNotReady", "No Pods deployed"),
            new Condition(
                "AgentHealthy",
                Status.TRUE,
                "RolloutInProgress",
                "Pods are being started/updated"));
    assertThat(conditions.of(plan(PipelineKind.METRIC, Status.TRUE), HEALTHY))
        .contains(
            new Condition(
                "GatewayHealthy", Status.TRUE, "GatewayReady", "OTLP Gateway DaemonSet is ready"),
            new Condition("AgentHealthy", Status.TRUE, "AgentNotRequired", ""));
  }

  @Test
  void shouldNameAPodThatDoesNotRunThePipelineAsItIs() {
    PipelineHealth health =
        new PipelineHealth(
            READY,
            Flow.HEALTHY,
            NOT_REQUIRED,
            Flow.HEALTHY,
            Optional.of("Pod telemetry-otlp-gateway-x does not run it: no such host"));

    assertThat(find(conditions.of(plan(PipelineKind.TRACE, Status.TRUE), health), "GatewayHealthy"))
        .isEqualTo(
            new Condition(
                "GatewayHealthy",
                Status.FALSE,
                "GatewayNotReady",
                "Pod telemetry-otlp-gateway-x does not run it: no such host"));
  }

  @Test
  void shouldNameItThoughARollOutIsUnderWayAndOfAnAgentToo() {
    PipelineHealth health =
        new PipelineHealth(
            new WorkloadHealth.RollingOut(),
            Flow.HEALTHY,
            READY,
            Flow.HEALTHY,
            Optional.of("Pod telemetry-otlp-gateway-x says no"),
            Optional.of("Pod telemetry-metric-agent-y says no"));

    assertThat(conditions.of(plan(PipelineKind.METRIC, Status.TRUE), health))
        .contains(
            new Condition(
                "GatewayHealthy",
                Status.FALSE,
                "GatewayNotReady",
                "Pod telemetry-otlp-gateway-x says no"),
            new Condition(
                "AgentHealthy",
                Status.FALSE,
                "AgentNotReady",
                "Pod telemetry-metric-agent-y says no"));
  }

  @Test
  void shouldCallTheWorkloadWhatItIs() {
    PipelineHealth central =
        new PipelineHealth(
            new WorkloadHealth.Ready(WorkloadKind.STATEFUL_SET),
            Flow.HEALTHY,
            NOT_REQUIRED,
            Flow.HEALTHY,
            Optional.empty());

    assertThat(
            find(conditions.of(plan(PipelineKind.TRACE, Status.TRUE), central), "GatewayHealthy")
                .message())
        .isEqualTo("OTLP Gateway StatefulSet is ready");
  }

  @ParameterizedTest
  @CsvSource({
    "TRACE,  HEALTHY,      HEALTHY,           FlowHealthy",
    "TRACE,  THROTTLING,   HEALTHY,           GatewayThrottling",
    "TRACE,  SOME_DROPPED, HEALTHY,           GatewaySomeTelemetryDataDropped",
    "TRACE,  ALL_DROPPED,  HEALTHY,           GatewayAllTelemetryDataDropped",
    "TRACE,  NOTHING_DELIVERED, HEALTHY,      GatewayNoTelemetryDelivered",
    "LOG,    BUFFER_FILLING_UP, NOTHING_DELIVERED, AgentNoLogsDelivered",
    "TRACE,  UNKNOWN,      HEALTHY,           GatewayProbingFailed",
    "LOG,    SOME_DROPPED, SOME_DROPPED,      AgentSomeTelemetryDataDropped",
    "LOG,    ALL_DROPPED,  SOME_DROPPED,      GatewayAllTelemetryDataDropped",
    "LOG,    THROTTLING,   BUFFER_FILLING_UP, AgentBufferFillingUp",
    "METRIC, ALL_DROPPED,  ALL_DROPPED,       GatewayAllTelemetryDataDropped",
    "METRIC, THROTTLING,   ALL_DROPPED,       GatewayThrottling",
    "METRIC, HEALTHY,      SOME_DROPPED,      AgentSomeTelemetryDataDropped",
    "METRIC, HEALTHY,      UNKNOWN,           AgentProbingFailed",
  })
  void shouldTellTheWorstOfGatewayAndAgent(
      PipelineKind kind, Flow gateway, Flow agent, String reason) {
    PipelineHealth health = new PipelineHealth(READY, gateway, READY, agent, Optional.empty());

    Condition flow = find(conditions.of(plan(kind, Status.TRUE), health), "TelemetryFlowHealthy");

    assertThat(flow.reason()).isEqualTo(reason);
  }

  @Test
  void shouldSayWhatIsLostAndWhereToReadOn() {
    PipelineHealth health =
        new PipelineHealth(READY, Flow.ALL_DROPPED, READY, Flow.HEALTHY, Optional.empty());

    Condition flow =
        find(conditions.of(plan(PipelineKind.TRACE, Status.TRUE), health), "TelemetryFlowHealthy");

    assertThat(flow.status()).isEqualTo(Status.FALSE);
    assertThat(flow.message())
        .isEqualTo(
            "Backend is not reachable or rejecting spans. All spans are dropped in OTLP Gateway. See troubleshooting: https://docs#no-data-arrive-at-the-backend");
  }

  private List<String> types(PipelineKind kind, PipelineHealth health) {
    return conditions.of(plan(kind, Status.TRUE), health).stream().map(Condition::type).toList();
  }

  private static PipelinePlan plan(PipelineKind kind, Status generated) {
    return new PipelinePlan(
        new PipelineId(kind, "demo"),
        new Condition("ConfigurationGenerated", generated, "Some", "message"),
        List.of(),
        Delivery.DEFAULT,
        Optional.empty());
  }

  private static Condition find(List<Condition> all, String type) {
    return all.stream().filter(one -> one.type().equals(type)).findFirst().orElseThrow();
  }
}
