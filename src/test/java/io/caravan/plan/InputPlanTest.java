/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.Delivery;
import io.caravan.api.LogPipeline;
import io.caravan.api.LogPipeline.Containers;
import io.caravan.api.LogPipeline.RuntimeInput;
import io.caravan.api.NamespaceSelector;
import io.caravan.api.ObjectMeta;
import io.caravan.api.OtlpInput;
import io.caravan.api.OtlpOutput.Protocol;
import io.caravan.api.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InputPlanTest {
  private static final OtlpInput PUSHED = new OtlpInput(true, NamespaceSelector.ALL);
  private static final OtlpInput NOT_PUSHED = new OtlpInput(false, NamespaceSelector.ALL);

  @Test
  void shouldSayThatNobodyReadsContainerLogsOutsideACluster() {
    assertThat(InputPlan.of(logs(true, PUSHED), Mode.STANDALONE).notices())
        .singleElement()
        .asString()
        .contains("spec.input.runtime");
  }

  @Test
  void shouldSayNothingOfInputsThatAgentsServe() {
    assertThat(InputPlan.of(logs(true, PUSHED), Mode.CLUSTER).notices()).isEmpty();
    assertThat(InputPlan.of(logs(true, NOT_PUSHED), Mode.CLUSTER).notices()).isEmpty();
  }

  @Test
  void shouldSayThatAPipelineGetsNothingWhereNoInputIsOn() {
    for (Mode mode : Mode.values()) {
      assertThat(InputPlan.of(logs(false, NOT_PUSHED), mode).notices())
          .singleElement()
          .asString()
          .contains("No input is left");
    }
  }

  private static LogPipeline logs(boolean containers, OtlpInput otlp) {
    return new LogPipeline(
        new ObjectMeta("demo", Optional.empty(), Map.of(), Map.of()),
        new LogPipeline.Input(
            new RuntimeInput(
                containers,
                NamespaceSelector.ALL,
                new Containers(List.of(), List.of()),
                true,
                false,
                false),
            otlp),
        OtlpOutputs.output(
            Protocol.GRPC, new ValueType.Literal("http://backend:4317"), OtlpOutputs.NO_TLS),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Delivery.DEFAULT);
  }
}
