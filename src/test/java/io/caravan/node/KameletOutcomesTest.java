/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static io.caravan.node.TestPlans.pipeline;
import static io.caravan.node.TestPlans.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.plan.PlannedKamelet;
import io.caravan.signal.TestBatches;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;

/** What a Kamelet's failures mean is what the Kamelet says, in the routes of a running node. */
class KameletOutcomesTest {

  @Test
  void shouldTakeAnExceptionForADeliveryWhereTheKameletSaysSo() throws Exception {
    try (NodeFixture node = node("{exception: java.io.IOException, outcome: delivered}")) {
      assertThat(node.send(TestBatches.spans(3))).isEmpty();
      await().untilAsserted(() -> assertThat(node.records("demo", "delivered")).isEqualTo(3));
    }
  }

  @Test
  void shouldRefuseForGoodWhatWouldBeTriedAgainWithoutTheDeclaration() throws Exception {
    try (NodeFixture node =
        node("{exception: java.io.IOException, message: no such index, outcome: refuse}")) {
      assertThat(node.send(TestBatches.spans(3)))
          .hasValueSatisfying(
              failure ->
                  assertThat(((OtlpStatusException) failure).status().code())
                      .isEqualTo(GrpcCode.INVALID_ARGUMENT));
    }
  }

  @Test
  void shouldTryAgainWhatWouldBeRefusedWithoutTheDeclaration() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    try (NodeFixture node = new NodeFixture()) {
      node.bind(
          "unsteady",
          (Processor)
              _ -> {
                if (attempts.incrementAndGet() == 1) {
                  throw new UnsupportedOperationException("not at the moment");
                }
              });
      node.start(
          plan(
              pipeline(
                  "demo",
                  "1",
                  kamelet(
                      "- process:\n    ref: unsteady",
                      "{exception: java.lang.RuntimeException, outcome: retry}"))));

      assertThat(node.send(TestBatches.spans(3))).isEmpty();
      assertThat(attempts).hasValue(2);
    }
  }

  @Test
  void shouldNotLoadAPipelineWhoseKameletDeclaresNonsense() throws Exception {
    try (NodeFixture node = node("{exception: java.io.IOException, outcome: maybe}")) {
      assertThat(node.node.states())
          .singleElement()
          .satisfies(state -> assertThat(state.loadError()).contains("outcome 'maybe' is unknown"));
    }
  }

  private static NodeFixture node(String rule) throws Exception {
    String steps =
        """
        - throwException:
            message: no such index
            exceptionType: java.io.FileNotFoundException
        """;
    return new NodeFixture().start(plan(pipeline("demo", "1", kamelet(steps, rule))));
  }

  private static PlannedKamelet kamelet(String steps, String rule) {
    PlannedKamelet plain = TestPlans.kamelet("throwing-sink", steps);
    return new PlannedKamelet(
        plain.name(),
        plain.templateId() + "-" + Integer.toHexString(rule.hashCode()),
        plain
            .yaml()
            .replace(
                "  labels:\n",
                "  annotations:\n    caravan.io/outcomes: |\n      - " + rule + "\n  labels:\n"));
  }
}
