/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery.Order;
import io.caravan.api.Delivery.Retry;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Outcome;
import io.netty.util.HashedWheelTimer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Deliverers on real threads and a real clock. */
@ExtendWith(NoLeaks.class)
@Isolated("it counts threads")
class ManyThreadsTest {
  private static final Retry QUICK = new Retry(Duration.ofMillis(2), Duration.ofMillis(20));

  private final HashedWheelTimer wheel = new HashedWheelTimer(1, TimeUnit.MILLISECONDS);
  private final ExecutorService executor = Executors.newFixedThreadPool(8);

  @AfterEach
  void stop() {
    executor.shutdownNow();
    wheel.stop();
  }

  @Test
  void shouldDeliverEverythingInOrderWhoeverOffersAndWhoeverAnswers() throws Exception {
    // given: a backend that fails one time in four, on threads of its own
    int senders = 8;
    int batches = 300;
    Queue<List<String>> arrived = new ConcurrentLinkedQueue<>();
    Connector connector =
        (batch, outcome) -> {
          List<String> names = ScriptedConnector.names(batch);
          boolean fails = ThreadLocalRandom.current().nextInt(4) == 0;
          executor.execute(
              () -> {
                if (!fails) {
                  arrived.add(names);
                }
                batch.release();
                outcome.accept(
                    fails
                        ? new Outcome.RetryLater(ScriptedConnector.DOWN, null)
                        : Outcome.Delivered.ALL);
              });
        };
    Deliverer deliverer = deliverer(connector);
    DelivererFixture maker = new DelivererFixture();
    AtomicInteger ended = new AtomicInteger();
    List<List<Delivery>> work = new ArrayList<>();
    for (int sender = 0; sender < senders; sender++) {
      List<Delivery> own = new ArrayList<>();
      for (int i = 0; i < batches; i++) {
        Delivery made = maker.delivery(sender, 2);
        own.add(
            new Delivery(
                made.batch(),
                sender,
                System.currentTimeMillis(),
                made.position(),
                (_, ending) -> {
                  assertThat(ending).isEqualTo(new Ending.Delivered(0));
                  ended.incrementAndGet();
                }));
      }
      work.add(own);
    }

    // when
    List<Thread> threads =
        work.stream()
            .map(own -> Thread.ofPlatform().start(() -> own.forEach(deliverer::offer)))
            .toList();

    // then
    for (Thread thread : threads) {
      thread.join();
    }
    await().untilAsserted(() -> assertThat(ended).hasValue(senders * batches));
    for (int sender = 0; sender < senders; sender++) {
      String prefix = sender + "/";
      List<Long> positions =
          arrived.stream()
              .flatMap(List::stream)
              .filter(name -> name.startsWith(prefix))
              .map(name -> Long.valueOf(name.split("/", -1)[1]))
              .toList();
      assertThat(positions).hasSize(2 * batches).isSorted();
    }
    assertThat(maker.batches).allMatch(batch -> batch.refCnt() == 0);
  }

  private Deliverer deliverer(Connector connector) {
    return new Deliverer(
        new DeliverySettings(
            Order.SENDER,
            16,
            PortionSettings.DEFAULT,
            QUICK,
            Duration.ofSeconds(20),
            Duration.ofHours(1),
            1 << 30,
            1 << 30),
        new Output(connector, executor),
        new WheelTimer(wheel),
        new Random(1),
        () -> {});
  }

  @Test
  void shouldCostNoThreadsAndFewBytesWhileNothingIsDelivered() {
    Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
    int count = 20_000;
    List<Deliverer> deliverers = new ArrayList<>(count);
    long usedBefore = used();
    for (int i = 0; i < count; i++) {
      deliverers.add(deliverer((batch, _) -> batch.release()));
    }
    long each = (used() - usedBefore) / count;

    assertThat(each).as("bytes of an idle deliverer").isBetween(100L, 20_480L);
    assertThat(deliverers).hasSize(count);
    assertThat(Thread.getAllStackTraces().keySet()).isSubsetOf(before);
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
