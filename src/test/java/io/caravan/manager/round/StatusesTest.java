/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.Condition;
import io.caravan.manager.status.StatusCondition;
import io.caravan.manager.status.TelemetryState;
import io.caravan.manager.status.TelemetryStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final StatusCondition HEALTHY =
      new StatusCondition(
          new Condition("GatewayHealthy", Condition.Status.TRUE, "GatewayReady", "It is ready"),
          3,
          Instant.parse("2026-11-22T08:00:00Z"));

  @Test
  void shouldWriteConditionsAsKubernetesHasThemAndReadThemAgain() {
    ObjectNode status = Statuses.ofPipeline(List.of(HEALTHY));

    assertThat(status)
        .as("in the order in which people read it")
        .hasToString(
            "{\"conditions\":[{\"type\":\"GatewayHealthy\",\"status\":\"True\",\"observedGeneration\":3,\"lastTransitionTime\":\"2026-11-22T08:00:00Z\",\"reason\":\"GatewayReady\",\"message\":\"It is ready\"}]}");
    assertThat(Statuses.conditions(status)).containsExactly(HEALTHY);
  }

  @Test
  void shouldReadNothingWhereThereIsNoStatus() {
    assertThat(Statuses.conditions(MissingNode.getInstance())).isEmpty();
    assertThat(Statuses.conditions(JSON.createObjectNode())).isEmpty();
    assertThat(Statuses.conditions(JSON.createObjectNode().put("conditions", "none"))).isEmpty();
  }

  @Test
  void shouldLeaveOutConditionsThatNobodyCanRead() throws JsonProcessingException {
    JsonNode status =
        JSON.readTree(
            """
            {"conditions":[
              {"type":"A","status":"true","lastTransitionTime":"2026-11-22T08:00:00Z"},
              {"type":"B","status":"True","lastTransitionTime":"yesterday"},
              {"type":"C","status":"True"},
              "D",
              {"type":"E","status":"Unknown","lastTransitionTime":"2026-11-22T08:00:00Z"}]}
            """);

    assertThat(Statuses.conditions(status))
        .extracting(one -> one.condition().type())
        .containsExactly("E");
  }

  @Test
  void shouldNameTheEndpointsWhereOtlpIsTaken() {
    TelemetryStatus telemetry = new TelemetryStatus(TelemetryState.READY, List.of());

    ObjectNode status =
        Statuses.ofTelemetry(telemetry, List.of(HEALTHY), Optional.of("kyma-system"));

    assertThat(status.path("state").asText()).isEqualTo("Ready");
    assertThat(status.path("conditions")).hasSize(1);
    assertThat(status.at("/endpoints/otlp/grpc").asText())
        .isEqualTo("http://telemetry-otlp.kyma-system:4317");
    assertThat(status.at("/endpoints/otlp/http").asText())
        .isEqualTo("http://telemetry-otlp.kyma-system:4318");
    assertThat(status.at("/endpoints/traces/grpc").asText())
        .isEqualTo("http://telemetry-otlp-traces.kyma-system:4317");
    assertThat(status.at("/endpoints/metrics/http").asText())
        .isEqualTo("http://telemetry-otlp-metrics.kyma-system:4318");
    assertThat(status.at("/endpoints/logs/grpc").asText())
        .isEqualTo("http://telemetry-otlp-logs.kyma-system:4317");
  }

  @Test
  void shouldNameNoEndpointsWhereOtlpIsNotTaken() {
    TelemetryStatus telemetry = new TelemetryStatus(TelemetryState.READY, List.of());

    assertThat(Statuses.ofTelemetry(telemetry, List.of(), Optional.empty()).has("endpoints"))
        .isFalse();
  }
}
