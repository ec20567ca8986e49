/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.api.Delivery.Order;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Reply;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code spec.delivery.acknowledge} and {@code spec.delivery.order} are to those who wait. */
class DeliveryLevelsTest {
  private static final Delivery QUICK = KeepingPipelines.QUICK;

  @TempDir private Path data;

  private final AtomicInteger groups = new AtomicInteger();
  private final AtomicInteger syncs = new AtomicInteger();

  private final JournalListener counting =
      new JournalListener() {
        @Override
        public void committed(int entries, long bytes, long writeNanos, long syncNanos) {
          groups.incrementAndGet();
          syncs.addAndGet(syncNanos > 0 ? 1 : 0);
        }
      };

  private KeepingPipelines pipelines() {
    return new KeepingPipelines(data, JournalSettings.of(1 << 30).withFreePercent(0), counting);
  }

  private static Delivery ordered(Order order) {
    return new Delivery(
        QUICK.acknowledge(),
        QUICK.buffer(),
        QUICK.whenFull(),
        order,
        QUICK.retry(),
        QUICK.onDelete(),
        QUICK.retain(),
        QUICK.holdInput());
  }

  @Test
  void shouldNotHaveTheSenderWaitForTheDiskAndStillGoOnAfterARestartWithMemory() {
    try (KeepingPipelines pipelines = pipelines()) {
      pipelines.plan("quick", QUICK.acknowledging(Acknowledge.MEMORY));
      pipelines.backend("quick", KeepingPipelines.DOWN);
      for (int i = 1; i <= 10; i++) {
        assertThat(pipelines.send(TestBatches.spans(i))).isInstanceOf(Reply.Taken.class);
      }
      await().untilAsserted(() -> assertThat(groups).hasPositiveValue());
      assertThat(syncs).hasValue(0);

      pipelines.restart();
      pipelines.backend("quick", KeepingPipelines.UP);

      pipelines.awaitDelivered("quick");
      assertThat(pipelines.arrived("quick")).isEqualTo(55);
    }
  }

  @Test
  void shouldSyncForAllWhereOnePipelineOfSeveralWantsIt() {
    try (KeepingPipelines pipelines = pipelines()) {
      pipelines.plan("quick", QUICK.acknowledging(Acknowledge.MEMORY));
      pipelines.plan("safe", QUICK);

      assertThat(pipelines.send(TestBatches.spans(3))).isInstanceOf(Reply.Taken.class);

      await().untilAsserted(() -> assertThat(syncs).hasPositiveValue());
    }
  }

  @Test
  void shouldHoldBackWhatASenderSentLaterOnlyWhereTheOrderMatters() {
    try (KeepingPipelines pipelines = pipelines()) {
      pipelines.plan("ordered", ordered(Order.SENDER));
      pipelines.plan("free", ordered(Order.NONE));
      // Of all that comes, the request of three spans fails, alone or with others.
      Function<OtlpBatch, Answer> backend =
          batch -> batch.records() == 5 ? KeepingPipelines.UP : KeepingPipelines.DOWN;
      pipelines.backend("ordered", backend);
      pipelines.backend("free", backend);

      pipelines.send(TestBatches.spans(3));
      await().until(() -> pipelines.subscriptions().failures().size() == 2);
      pipelines.send(TestBatches.spans(5));

      await().untilAsserted(() -> assertThat(pipelines.arrived("free")).isEqualTo(5));
      assertThat(pipelines.place("free").pendingRecords()).isEqualTo(3);
      await()
          .during(Duration.ofMillis(300))
          .untilAsserted(() -> assertThat(pipelines.arrived("ordered")).isZero());

      pipelines.backend("ordered", KeepingPipelines.UP);
      pipelines.backend("free", KeepingPipelines.UP);
      pipelines.awaitDelivered("ordered");
      pipelines.awaitDelivered("free");
      assertThat(pipelines.arrived("ordered")).isEqualTo(8);
      assertThat(pipelines.arrived("free")).isEqualTo(8);
    }
  }
}
