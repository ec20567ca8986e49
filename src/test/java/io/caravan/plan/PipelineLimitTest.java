/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.OtlpOutput;
import io.caravan.api.OtlpOutput.Protocol;
import io.caravan.api.Pipeline;
import io.caravan.api.ValueType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PipelineLimitTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final OtlpOutput GOOD = output("http://backend:4317");
  private static final OtlpOutput BROKEN = output("backend");

  @Test
  void shouldRunAnyNumberWithoutALimit() {
    assertThat(reasons(OptionalInt.empty(), pipeline("a", GOOD, 1), pipeline("b", GOOD, 2)))
        .containsExactly("a GatewayConfigured", "b GatewayConfigured");
  }

  @Test
  void shouldLeaveTheOldestTheirPlaces() {
    assertThat(
            reasons(
                OptionalInt.of(2),
                pipeline("a", GOOD, 1),
                pipeline("b", GOOD, 3),
                pipeline("c", GOOD, 2)))
        .containsExactly("a MaxPipelinesExceeded", "b GatewayConfigured", "c GatewayConfigured");
  }

  @Test
  void shouldDecideByNameAmongThoseOfOneMoment() {
    assertThat(reasons(OptionalInt.of(1), pipeline("b", GOOD, 1), pipeline("a", GOOD, 1)))
        .containsExactly("a GatewayConfigured", "b MaxPipelinesExceeded");
  }

  @Test
  void shouldSayTheWordsOfThePredecessor() {
    assertThat(
            plan(OptionalInt.of(0), pipeline("a", GOOD, 1))
                .pipelines()
                .getFirst()
                .configurationGenerated()
                .message())
        .isEqualTo("Maximum pipeline count limit exceeded");
  }

  @Test
  void shouldCountTheInvalidAndTellThemWhatIsWrongFirst() {
    assertThat(
            reasons(
                OptionalInt.of(1),
                pipeline("a", BROKEN, 2),
                pipeline("b", GOOD, 1),
                pipeline("c", BROKEN, 0)))
        .containsExactly("a EndpointInvalid", "b MaxPipelinesExceeded", "c EndpointInvalid");
  }

  @Test
  void shouldNotCountWhatIsDeletedAndLetItDeliverItsRest() {
    Pipeline old = pipeline("a", GOOD, 5);
    Pipeline deleted =
        old.with(old.metadata().of(Optional.of("1"), Optional.of(NOW.minusSeconds(1))));

    assertThat(reasons(OptionalInt.of(1), deleted, pipeline("b", GOOD, 1)))
        .containsExactly("a GatewayConfigured", "b GatewayConfigured");
  }

  private static OtlpOutput output(String endpoint) {
    return OtlpOutputs.output(Protocol.GRPC, new ValueType.Literal(endpoint), OtlpOutputs.NO_TLS);
  }

  private static Pipeline pipeline(String name, OtlpOutput output, int daysOld) {
    Pipeline pipeline = OtlpOutputs.pipeline(name, output);
    return pipeline.with(
        pipeline.metadata().createdAt(Optional.of(NOW.minus(Duration.ofDays(daysOld)))));
  }

  private static List<String> reasons(OptionalInt most, Pipeline... pipelines) {
    return plan(most, pipelines).pipelines().stream()
        .map(one -> one.id().name() + " " + one.configurationGenerated().reason())
        .toList();
  }

  private static Plan plan(OptionalInt most, Pipeline... pipelines) {
    return Planner.plan(
        new Snapshot(
            List.of(pipelines),
            Optional.empty(),
            List.of(),
            TestKamelets.otlp(),
            Mode.CLUSTER,
            NOW,
            most));
  }
}
