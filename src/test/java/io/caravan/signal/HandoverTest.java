/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Reply;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a route does, it does not do on the thread that writes the journal. */
@ExtendWith(NoLeaks.class)
class HandoverTest {
  private static final String NAME = "slow";

  @TempDir private Path data;
  private final CountDownLatch held = new CountDownLatch(1);
  private final Queue<String> threads = new ConcurrentLinkedQueue<>();
  private KeepingPipelines pipelines;

  @BeforeEach
  void openWithARouteThatIsHeldUp() {
    pipelines = new KeepingPipelines(data);
    pipelines.plan(NAME, KeepingPipelines.QUICK);
    pipelines
        .subscriptions()
        .add(new Subscription(KeepingPipelines.id(NAME), "v2", Selection.EVERYTHING, this::holdUp));
    assertThat(pipelines.subscriptions().activate(KeepingPipelines.id(NAME), "v2", Runnable::run))
        .isCompleted();
  }

  @AfterEach
  void close() {
    held.countDown();
    pipelines.close();
  }

  @Test
  void shouldWriteWhileARouteIsHeldUp() {
    assertThat(send()).isEqualTo(Reply.Taken.WHOLLY);
    await().until(() -> !threads.isEmpty());

    // Without the hand-over the thread that would write it is held up by the first.
    CompletableFuture<Reply> second = CompletableFuture.supplyAsync(this::send);
    await().until(() -> pipelines.place(NAME).pendingEntries() == 2);
    held.countDown();

    assertThat(second.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(Reply.Taken.WHOLLY);
    pipelines.awaitDelivered(NAME);
    assertThat(threads).first().asString().startsWith("otlp-io");
    assertThat(threads).noneMatch(name -> name.startsWith("journal-writer"));
  }

  private void holdUp(OtlpBatch batch, Consumer<Answer> answer) {
    threads.add(Thread.currentThread().getName());
    batch.release();
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    answer.accept(Answer.Taken.ALL);
  }

  private Reply send() {
    return pipelines.send(TestBatches.spans(3));
  }
}
