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

import io.caravan.otlp.OtlpBody;
import io.caravan.plan.Plan;
import io.caravan.plan.PlanValue;
import io.caravan.plan.PlannedKamelet;
import io.caravan.signal.TestBatches;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SwapTest {
  private static final int SPANS = 4;
  private static final PlannedKamelet STEADY =
      kamelet("steady-sink", "- process:\n    ref: steady");
  private static final PlannedKamelet CHANGING =
      kamelet("changing-sink", "- process:\n    ref: changing", "secret");

  @Test
  void shouldLoseNoRequestOfEitherPipelineDuringTwoHundredChangesOfOne() throws Exception {
    AtomicInteger steady = new AtomicInteger();
    AtomicInteger changing = new AtomicInteger();
    AtomicInteger sent = new AtomicInteger();
    List<Exception> refused = new CopyOnWriteArrayList<>();
    AtomicBoolean going = new AtomicBoolean(true);
    try (NodeFixture node = new NodeFixture()) {
      // Records: what waits behind another request of the same sender goes out together with it.
      node.bind("steady", (Processor) exchange -> steady.addAndGet(records(exchange)));
      node.bind("changing", (Processor) exchange -> changing.addAndGet(records(exchange)));
      node.start(version(0));
      List<CompletableFuture<Void>> senders =
          List.of(load(node, going, sent, refused), load(node, going, sent, refused));

      for (int version = 1; version <= 200; version++) {
        node.node.apply(version(version));
      }
      going.set(false);
      senders.forEach(CompletableFuture::join);

      assertThat(refused).isEmpty();
      assertThat(sent).hasPositiveValue();
      await().untilAsserted(() -> assertThat(steady).hasValue(SPANS * sent.get()));
      await().untilAsserted(() -> assertThat(changing).hasValue(SPANS * sent.get()));
      assertThat(node.records("changing", "failed")).isZero();
      await().untilAsserted(() -> assertThat(node.inFlightBytes()).isZero());
    }
  }

  @Test
  void shouldHoldNothingOfOldVersionsAfterHundredsOfChanges() throws Exception {
    try (NodeFixture node = new NodeFixture()) {
      node.bind("steady", (Processor) _ -> {});
      node.bind("changing", (Processor) _ -> {});
      node.start(version(0));
      Footprint before = Footprint.of(node.node.context());

      for (int version = 1; version <= 300; version++) {
        node.node.apply(version(version));
      }

      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(Footprint.of(node.node.context())).isEqualTo(before));
    }
  }

  @Test
  void shouldRunTwoVersionsOfOneKameletSideBySide() throws Exception {
    List<String> said = new CopyOnWriteArrayList<>();
    PlannedKamelet one =
        kamelet("same-name", "- setBody:\n    constant: one\n- process:\n    ref: say");
    PlannedKamelet two =
        kamelet("same-name", "- setBody:\n    constant: two\n- process:\n    ref: say");
    try (NodeFixture node = new NodeFixture()) {
      node.bind("say", (Processor) e -> said.add(e.getMessage().getBody(String.class)));
      node.start(plan(pipeline("a", "1", one), pipeline("b", "1", two)));

      node.send(TestBatches.spans(1));

      await().untilAsserted(() -> assertThat(said).containsExactlyInAnyOrder("one", "two"));
    }
  }

  @Test
  void shouldLetTheOldVersionEndItsBatchWithoutHoldingUpTheChange() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    PlannedKamelet slow = kamelet("slow-sink", "- process:\n    ref: slow");
    try (NodeFixture node = new NodeFixture(Duration.ofSeconds(30), Duration.ofSeconds(30))) {
      node.bind(
          "slow",
          (Processor)
              _ -> {
                entered.countDown();
                leave.await();
              });
      node.bind("steady", (Processor) _ -> {});
      node.start(plan(pipeline("demo", "1", slow)));
      CompletableFuture<Optional<Exception>> underWay = node.sendLater(TestBatches.spans(1));
      assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();

      node.node.apply(plan(pipeline("demo", "2", STEADY)));

      assertThat(node.send(TestBatches.spansOf("another sender"))).isEmpty();
      assertThat(underWay).isNotDone();
      leave.countDown();
      assertThat(underWay.get(10, TimeUnit.SECONDS)).isEmpty();
      await().untilAsserted(() -> assertThat(node.node.context().getRoutesSize()).isEqualTo(3));
    }
  }

  @Test
  void shouldTakeTheOldVersionOutOnceItsHungConnectorLetsGo() throws Exception {
    CountDownLatch leave = new CountDownLatch(1);
    PlannedKamelet stuck = kamelet("stuck-sink", "- process:\n    ref: stuck");
    try (NodeFixture node = new NodeFixture(Duration.ofMillis(100), Duration.ofMillis(200))) {
      node.bind("stuck", (Processor) _ -> leave.await());
      node.bind("steady", (Processor) _ -> {});
      node.start(plan(pipeline("demo", "1", stuck)));
      assertThat(node.send(TestBatches.spans(1))).isPresent();

      node.node.apply(plan(pipeline("demo", "2", STEADY)));

      assertThat(node.send(TestBatches.spans(1))).isEmpty();
      leave.countDown();
      await().untilAsserted(() -> assertThat(node.node.context().getRoutesSize()).isEqualTo(3));
      await().untilAsserted(() -> assertThat(node.inFlightBytes()).isZero());
    }
  }

  /** What camel-stream does while nobody reads the pipe behind standard output. */
  @Test
  @Tag("slow")
  @Timeout(60)
  void shouldGoOnChangingPipelinesAndStopWhileAConnectorThatCannotBeStoppedHangs()
      throws Exception {
    CountDownLatch leave = new CountDownLatch(1);
    PlannedKamelet stuck = kamelet("stuck-sink", "- to: hanging:pipe");
    try (NodeFixture node = new NodeFixture(Duration.ofMillis(100), Duration.ofMillis(200))) {
      node.node.context().addComponent("hanging", new HangingComponent(leave));
      node.bind("steady", (Processor) _ -> {});
      node.start(plan(pipeline("demo", "1", stuck)));
      assertThat(node.send(TestBatches.spans(1))).isPresent();
      node.node.apply(plan(pipeline("demo", "2", STEADY)));
      await()
          .during(Duration.ofSeconds(1))
          .untilAsserted(() -> assertThat(node.send(TestBatches.spans(1))).isEmpty());

      node.node.apply(plan(pipeline("demo", "2", STEADY), pipeline("other", "1", STEADY)));

      assertThat(node.node.states()).allSatisfy(s -> assertThat(s.loadError()).isNull()).hasSize(2);
      node.node.close();
    } finally {
      leave.countDown();
    }
  }

  @Test
  void shouldTakeTheVersionBackThatIsStillDraining() throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    PlannedKamelet slow = kamelet("slow-sink", "- process:\n    ref: slow");
    try (NodeFixture node = new NodeFixture(Duration.ofSeconds(30), Duration.ofSeconds(30))) {
      node.bind(
          "slow",
          (Processor)
              _ -> {
                entered.countDown();
                leave.await();
              });
      node.bind("steady", (Processor) _ -> {});
      node.start(plan(pipeline("demo", "1", slow)));
      String first = node.node.states().getFirst().runningDigest();
      CompletableFuture<Optional<Exception>> underWay = node.sendLater(TestBatches.spans(1));
      assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
      node.node.apply(plan(pipeline("demo", "2", STEADY)));

      node.node.apply(plan(pipeline("demo", "1", slow)));

      assertThat(node.node.states().getFirst().runningDigest()).isEqualTo(first);
      leave.countDown();
      assertThat(underWay.get(10, TimeUnit.SECONDS)).isEmpty();
      assertThat(node.send(TestBatches.spans(1))).isEmpty();
      await().untilAsserted(() -> assertThat(node.node.context().getRoutesSize()).isEqualTo(3));
    }
  }

  private static int records(Exchange exchange) {
    return exchange.getMessage().getBody(OtlpBody.class).batch().records();
  }

  private static Plan version(int version) {
    return plan(
        pipeline("steady", "1", STEADY),
        pipeline(
            "changing",
            Integer.toString(version),
            CHANGING,
            Map.of("secret", new PlanValue.Secret("s" + version))));
  }

  private static CompletableFuture<Void> load(
      NodeFixture node, AtomicBoolean going, AtomicInteger sent, List<Exception> refused) {
    return CompletableFuture.runAsync(
        () -> {
          while (going.get()) {
            sent.incrementAndGet();
            node.send(TestBatches.spans(SPANS)).ifPresent(refused::add);
          }
        });
  }
}
