/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.OtlpOutput.Protocol;
import io.caravan.api.Pipeline;
import io.caravan.api.ValueType;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The plan of a deleted pipeline")
class DeletedPipelinePlanTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Pipeline DEMO =
      OtlpOutputs.pipeline(
          "demo",
          OtlpOutputs.output(
              Protocol.GRPC, new ValueType.Literal("http://backend:4317"), OtlpOutputs.NO_TLS));

  @Test
  void shouldBeItsLastOneWithTheTimeOfItsDeletion() {
    PipelinePlan live = plan(DEMO).pipelines().getFirst();

    PipelinePlan deleted = plan(with(Optional.empty(), Optional.of(NOW))).pipelines().getFirst();

    assertThat(live.deletedAt()).isEmpty();
    assertThat(live.deliversUntil()).isEmpty();
    assertThat(deleted).isEqualTo(live.deleted(NOW));
    assertThat(deleted.deliversUntil()).contains(NOW.plus(Duration.ofMinutes(10)));
  }

  @Test
  void shouldShareNothingWithThatOfAnotherOfItsNameAndConfiguration() {
    Plan plan =
        plan(with(Optional.of("1"), Optional.of(NOW)), with(Optional.of("2"), Optional.empty()));

    PipelineRoutes old = plan.pipelines().getFirst().routes().orElseThrow();
    PipelineRoutes anew = plan.pipelines().getLast().routes().orElseThrow();
    assertThat(anew.digest()).isNotEqualTo(old.digest());
    assertThat(anew.routeId()).isNotEqualTo(old.routeId());
    assertThat(anew.yaml()).contains("- name: uid\n        value: \"2\"");
    assertThat(plan.pipelines())
        .extracting(one -> one.id().place())
        .containsExactly("tracepipeline/demo#1", "tracepipeline/demo#2");
    assertThat(PlanPrinter.print(plan)).containsOnlyOnce("deletedAt: \"2026-11-21T12:00:00Z\"");
  }

  private static Pipeline with(Optional<String> uid, Optional<Instant> deletedAt) {
    return DEMO.with(DEMO.metadata().of(uid, deletedAt));
  }

  private static Plan plan(Pipeline... pipelines) {
    return Planner.plan(
        new Snapshot(
            List.of(pipelines),
            Optional.empty(),
            List.of(),
            TestKamelets.otlp(),
            Mode.STANDALONE,
            NOW));
  }
}
