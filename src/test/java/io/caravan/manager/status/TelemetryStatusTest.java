/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The status of the Telemetry resource")
class TelemetryStatusTest {
  private static final Condition GENERATED =
      new Condition("ConfigurationGenerated", Status.TRUE, "GatewayConfigured", "applied");
  private static final Condition FLOWS =
      new Condition("TelemetryFlowHealthy", Status.TRUE, "FlowHealthy", "flows");

  @Test
  void shouldBeReadyWithoutPipelines() {
    TelemetryStatus status = TelemetryStatus.of(List.of());

    assertThat(status.state()).isEqualTo(TelemetryState.READY);
    assertThat(status.conditions())
        .extracting(Condition::type)
        .containsExactly(
            "LogComponentsHealthy", "MetricComponentsHealthy", "TraceComponentsHealthy");
    assertThat(status.conditions())
        .allSatisfy(one -> assertThat(one.reason()).isEqualTo("NoPipelineDeployed"));
  }

  @Test
  void shouldSayThatAllRuns() {
    TelemetryStatus status =
        TelemetryStatus.of(List.of(pipeline(PipelineKind.TRACE, "a", GENERATED, FLOWS)));

    assertThat(status.state()).isEqualTo(TelemetryState.READY);
    assertThat(status.conditions())
        .contains(
            new Condition(
                "TraceComponentsHealthy",
                Status.TRUE,
                "ComponentsRunning",
                "All trace components are running"));
  }

  @Test
  void shouldCopyWhatGoesWrongFirstOnTheWay() {
    Condition dropped =
        new Condition("TelemetryFlowHealthy", Status.FALSE, "GatewayAllTelemetryDataDropped", "x");
    Condition missing =
        new Condition("ConfigurationGenerated", Status.FALSE, "ReferencedSecretMissing", "y");

    TelemetryStatus status =
        TelemetryStatus.of(
            List.of(
                pipeline(PipelineKind.LOG, "a", GENERATED, dropped),
                pipeline(PipelineKind.LOG, "b", missing, FLOWS)));

    assertThat(status.state()).isEqualTo(TelemetryState.WARNING);
    assertThat(status.conditions())
        .contains(
            new Condition("LogComponentsHealthy", Status.FALSE, "ReferencedSecretMissing", "y"));
  }

  @Test
  void shouldWarnOfACertificateThatIsAboutToExpireThoughAllIsTrue() {
    Condition expires =
        new Condition("ConfigurationGenerated", Status.TRUE, "TLSCertificateAboutToExpire", "z");

    TelemetryStatus status =
        TelemetryStatus.of(List.of(pipeline(PipelineKind.METRIC, "a", expires, FLOWS)));

    assertThat(status.state()).isEqualTo(TelemetryState.WARNING);
    assertThat(status.conditions())
        .contains(
            new Condition(
                "MetricComponentsHealthy", Status.TRUE, "TLSCertificateAboutToExpire", "z"));
  }

  @Test
  void shouldNotWarnOfWhatNobodyKnows() {
    Condition unknown =
        new Condition("TelemetryFlowHealthy", Status.UNKNOWN, "GatewayProbingFailed", "?");

    assertThat(
            TelemetryStatus.of(List.of(pipeline(PipelineKind.TRACE, "a", GENERATED, unknown)))
                .state())
        .isEqualTo(TelemetryState.READY);
  }

  @Test
  void shouldNameWhatBlocksItsDeletion() {
    TelemetryStatus status =
        TelemetryStatus.deleting(
            List.of(
                pipeline(PipelineKind.LOG, "b", GENERATED, FLOWS),
                pipeline(PipelineKind.LOG, "a", GENERATED, FLOWS)));

    assertThat(status.state()).isEqualTo(TelemetryState.WARNING);
    assertThat(status.conditions().getFirst())
        .isEqualTo(
            new Condition(
                "LogComponentsHealthy",
                Status.FALSE,
                "ResourceBlocksDeletion",
                "The deletion of the module is blocked. To unblock the deletion, delete the following resources: LogPipelines (a,b)"));
    assertThat(status.conditions().getLast().reason()).isEqualTo("NoPipelineDeployed");
    assertThat(TelemetryStatus.deleting(List.of()).state()).isEqualTo(TelemetryState.DELETING);
  }

  @Test
  void shouldKeepTheTimeOfAConditionWhoseStatusIsAsItWas() {
    Instant before = Instant.parse("2026-01-01T00:00:00Z");
    Instant now = Instant.parse("2026-01-02T00:00:00.5Z");
    List<StatusCondition> first =
        StatusCondition.of(List.of(GENERATED, FLOWS), 1, List.of(), before);

    Condition otherReason =
        new Condition("ConfigurationGenerated", Status.TRUE, "AgentConfigured", "other");
    Condition broken = new Condition("TelemetryFlowHealthy", Status.FALSE, "Some", "broken");
    List<StatusCondition> second = StatusCondition.of(List.of(otherReason, broken), 2, first, now);

    assertThat(second)
        .containsExactly(
            new StatusCondition(otherReason, 2, before),
            new StatusCondition(broken, 2, Instant.parse("2026-01-02T00:00:00Z")));
  }

  private static PipelineStatus pipeline(PipelineKind kind, String name, Condition... conditions) {
    return new PipelineStatus(new PipelineId(kind, name), List.of(conditions));
  }
}
