/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static io.caravan.node.TestPlans.kamelet;
import static io.caravan.node.TestPlans.pipeline;
import static io.caravan.node.TestPlans.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.otlp.OtlpBatch;
import io.caravan.signal.TestBatches;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a Kamelet does to its exchange: the batch is freed once, after the last reader. */
class IntegratorKameletTest {
  private static final String COLLECT = "- process:\n    ref: collect\n";

  private final List<byte[]> collected = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @ValueSource(
      strings = {
        COLLECT,
        "- wireTap:\n    uri: seda:beside\n" + COLLECT,
        "- wireTap:\n    uri: seda:beside\n- setBody:\n    constant: gone\n",
        "- to: seda:beside\n",
        "- convertBodyTo:\n    type: byte[]\n" + COLLECT,
        """
        - split:
            constant: one
            steps:
              - setBody:
                  constant: x
        - to: seda:beside
        """,
        """
        - multicast:
            parallelProcessing: true
            steps:
              - to: seda:beside
              - to: seda:beside
        """
      })
  void shouldDeliverAndFreeTheBatchOnce(String steps) throws Exception {
    try (NodeFixture node = start(new NodeFixture(), steps)) {
      byte[] sent = bytes(TestBatches.spans(2));
      OtlpBatch batch = TestBatches.spans(2);
      assertThat(node.send(batch)).isEmpty();

      await().untilAsserted(() -> assertThat(collected).isNotEmpty().allMatch(b -> same(b, sent)));
      await().untilAsserted(() -> assertThat(batch.refCnt()).isZero());
      assertThat(node.inFlightBytes()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "- throwException:\n    message: no\n    exceptionType: java.lang.RuntimeException\n",
        """
        - setBody:
            constant: x
        - throwException:
            message: no
            exceptionType: java.io.IOException
        """,
        "- to: direct:nobody\n",
        "- process:\n    ref: error\n",
        """
        - split:
            simple: "${body}"
            stopOnException: true
            steps:
              - process:
                  ref: error
        """
      })
  void shouldFailAndFreeTheBatchOnce(String steps) throws Exception {
    try (NodeFixture node = start(NodeFixture.impatient(), steps)) {
      OtlpBatch batch = TestBatches.spans(2);
      assertThat(node.send(batch)).isPresent();

      await().untilAsserted(() -> assertThat(batch.refCnt()).isZero());
      assertThat(node.inFlightBytes()).isZero();
    }
  }

  @Test
  void shouldAnswerUnavailableAndFreeTheBatchWhenTheKameletsRouteIsStopped() throws Exception {
    try (NodeFixture node = start(NodeFixture.impatient(), COLLECT)) {
      String route =
          node.node.context().getRoutes().stream()
              .map(each -> each.getRouteId())
              .filter(id -> id.endsWith("-sink"))
              .findFirst()
              .orElseThrow();
      node.node.context().getRouteController().stopRoute(route, 1, TimeUnit.SECONDS);
      OtlpBatch batch = TestBatches.spans(2);

      assertThat(node.send(batch)).isPresent();
      await().untilAsserted(() -> assertThat(batch.refCnt()).isZero());
    }
  }

  @Test
  void shouldNotHoldTheSendersThreadWhenAKameletBlocks() throws Exception {
    List<String> threads = new CopyOnWriteArrayList<>();
    try (NodeFixture node = new NodeFixture()) {
      node.bind("collect", (Processor) _ -> threads.add(Thread.currentThread().toString()));
      node.start(plan(pipeline("demo", "1", kamelet("any-sink", COLLECT))));
      node.send(TestBatches.spans(1));
    }
    assertThat(threads).singleElement().asString().contains("tracepipeline/demo-1");
  }

  @Test
  void shouldStayOnTheSendersThreadWhenTheKameletSaysThatItDoesNotBlock() throws Exception {
    List<Thread> threads = new CopyOnWriteArrayList<>();
    try (NodeFixture node = new NodeFixture()) {
      node.bind("collect", (Processor) _ -> threads.add(Thread.currentThread()));
      node.start(plan(pipeline("demo", "1", TestPlans.nonBlocking("quick-sink", COLLECT))));
      node.send(TestBatches.spans(1));
    }
    assertThat(threads).containsExactly(Thread.currentThread());
  }

  private NodeFixture start(NodeFixture node, String steps) throws Exception {
    Processor collect = exchange -> collected.add(exchange.getMessage().getBody(byte[].class));
    node.bind("collect", collect);
    node.bind(
        "error",
        (Processor)
            _ -> {
              throw new StackOverflowError("a connector's error");
            });
    node.node
        .context()
        .addRoutes(
            new RouteBuilder() {
              @Override
              public void configure() {
                from("seda:beside?pollTimeout=20")
                    .delay(50)
                    .filter(body().isNotEqualTo("x"))
                    .process(collect);
              }
            });
    return node.start(plan(pipeline("demo", "1", kamelet("any-sink", steps))));
  }

  private static byte[] bytes(OtlpBatch batch) {
    try {
      byte[] bytes = new byte[batch.size()];
      batch.payload().getBytes(batch.payload().readerIndex(), bytes);
      return bytes;
    } finally {
      batch.release();
    }
  }

  private static boolean same(byte[] one, byte[] other) {
    return Arrays.equals(one, other);
  }
}
