/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static io.caravan.node.TestPlans.kamelet;
import static io.caravan.node.TestPlans.pipeline;
import static io.caravan.node.TestPlans.plan;
import static io.caravan.node.TestPlans.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.plan.Plan;
import io.caravan.plan.PlanValue;
import io.caravan.plan.PlannedKamelet;
import io.caravan.signal.TestBatches;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Test;

class NodeTest {
  private static final PlannedKamelet GOOD = kamelet("good-sink", "- process:\n    ref: good");
  private static final PlannedKamelet NO_BEAN =
      kamelet("broken-sink", "- process:\n    ref: absent");

  private final AtomicInteger delivered = new AtomicInteger();
  private final Processor good = _ -> delivered.incrementAndGet();

  @Test
  void shouldDeliverThroughTheKameletOfThePipeline() throws Exception {
    try (NodeFixture node = fixture(plan(pipeline("demo", "1", GOOD)))) {
      assertThat(node.send(TestBatches.spans(3))).isEmpty();
      assertThat(delivered).hasValue(1);
      assertThat(node.records("demo", "delivered")).isEqualTo(3);
    }
  }

  @Test
  void shouldAnswerUnimplementedWithoutAPipelineAndUnavailableWithOneThatIsRejected()
      throws Exception {
    try (NodeFixture node = fixture(Plan.EMPTY)) {
      assertStatus(node.send(TestBatches.spans(1)), GrpcCode.UNIMPLEMENTED);

      node.node.apply(plan(rejected("demo")));
      assertStatus(node.send(TestBatches.spans(1)), GrpcCode.UNAVAILABLE);
    }
  }

  @Test
  void shouldKeepTheHealthyPipelineRunningWhenTheOtherFailsToLoad() throws Exception {
    Plan plan = plan(pipeline("bad", "1", NO_BEAN), pipeline("demo", "1", GOOD));
    try (NodeFixture node = fixture(plan)) {
      assertThat(node.send(TestBatches.spans(1))).isEmpty();
      assertThat(node.node.states())
          .anySatisfy(
              state -> {
                assertThat(state.id()).isEqualTo(TestPlans.id("bad"));
                assertThat(state.runningDigest()).isNull();
                assertThat(state.loadError()).contains("absent");
              })
          .anySatisfy(
              state -> {
                assertThat(state.id()).isEqualTo(TestPlans.id("demo"));
                assertThat(state.runningDigest()).isEqualTo(state.plannedDigest());
                assertThat(state.loadError()).isNull();
              });
    }
  }

  @Test
  void shouldLeaveNothingOfAPipelineThatFailedToLoad() throws Exception {
    try (NodeFixture node = fixture(plan(pipeline("demo", "1", GOOD)))) {
      Footprint before = Footprint.of(node.node.context());

      node.node.apply(
          plan(
              pipeline("bad", "1", NO_BEAN, Map.of("secretToken", new PlanValue.Secret("s3cret"))),
              pipeline("demo", "1", GOOD)));

      assertThat(Footprint.of(node.node.context())).isEqualTo(before);
    }
  }

  @Test
  void shouldKeepTheOldVersionRunningWhenTheNewOneFailsToLoad() throws Exception {
    try (NodeFixture node = fixture(plan(pipeline("demo", "1", GOOD)))) {
      String digest = node.node.states().getFirst().runningDigest();

      node.node.apply(plan(pipeline("demo", "2", NO_BEAN)));

      PipelineState state = node.node.states().getFirst();
      assertThat(state.runningDigest()).isEqualTo(digest);
      assertThat(state.plannedDigest()).isNotEqualTo(digest);
      assertThat(state.loadError()).isNotNull();
      assertThat(node.send(TestBatches.spans(1))).isEmpty();
    }
  }

  @Test
  void shouldGiveTheKameletItsPropertiesAndSecretsAsReferences() throws Exception {
    PlannedKamelet echo =
        kamelet(
            "echo-sink",
            """
            - setHeader:
                name: plain
                simple: "{{plain}}"
            - setHeader:
                name: secret
                simple: "${ref:{{secret}}}"
            - process:
                ref: headers
            """,
            "plain",
            "secret");
    StringBuilder seen = new StringBuilder();
    try (NodeFixture node = new NodeFixture()) {
      Processor headers =
          exchange ->
              seen.append(exchange.getMessage().getHeader("plain", String.class))
                  .append(' ')
                  .append(exchange.getMessage().getHeader("secret", String.class));
      node.bind("headers", headers);
      node.start(
          plan(
              pipeline(
                  "demo",
                  "1",
                  echo,
                  Map.of(
                      "plain",
                      new PlanValue.Literal("a value"),
                      "secret",
                      new PlanValue.Secret("p@ss)&word{{env:HOME}}")))));

      assertThat(node.send(TestBatches.spans(1))).isEmpty();
      assertThat(seen).hasToString("a value p@ss)&word{{env:HOME}}");
    }
  }

  @Test
  void shouldRefuseAPropertyThatCamelWouldReadAsSomethingElseThanText() throws Exception {
    PlannedKamelet any = kamelet("any-sink", "- process:\n    ref: good", "url");
    for (String value : new String[] {"{{env:HOME}}", "#class:java.lang.String", "a)&b=c"}) {
      try (NodeFixture node =
          fixture(plan(pipeline("demo", "1", any, Map.of("url", new PlanValue.Literal(value)))))) {
        assertThat(node.node.states().getFirst().loadError())
            .contains("the value of property 'url'");
      }
    }
  }

  @Test
  void shouldStopAPipelineThatIsNoLongerPlannedAndKeepTheOthers() throws Exception {
    try (NodeFixture node = fixture(plan(pipeline("a", "1", GOOD), pipeline("b", "1", GOOD)))) {
      node.node.apply(plan(pipeline("b", "1", GOOD)));

      assertThat(node.send(TestBatches.spans(1))).isEmpty();
      assertThat(delivered).hasValue(1);
      assertThat(node.node.states()).hasSize(1);
    }
  }

  private NodeFixture fixture(Plan plan) throws Exception {
    NodeFixture node = new NodeFixture();
    node.bind("good", good);
    return node.start(plan);
  }

  private static void assertStatus(Optional<Exception> answer, GrpcCode code) {
    assertThat(answer.orElseThrow())
        .isInstanceOfSatisfying(
            OtlpStatusException.class, e -> assertThat(e.status().code()).isEqualTo(code));
  }
}
