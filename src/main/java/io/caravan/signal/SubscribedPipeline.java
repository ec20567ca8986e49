/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.DeliveryFailure;
import io.caravan.api.PipelineId;
import io.caravan.otlp.Lease;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One planned pipeline of a signal, across its versions: the version that takes batches now, the
 * bytes that the pipeline may have on their way, and what became of its records. Thread-safe.
 */
final class SubscribedPipeline {
  private static final Outcome NOT_RUNNING =
      new Outcome.RetryLater(
          Answers.unavailable("the pipeline is not running yet", Duration.ofSeconds(1)), null);

  private final PipelineId id;
  private final MemoryBudget budget;
  private final PipelineMeters meters;
  private final FailureLog failures;
  private final Attempt.Timer timer;
  private final Duration timeout;
  private final AtomicReference<@Nullable Subscription> active = new AtomicReference<>();

  SubscribedPipeline(
      PipelineId id,
      MemoryBudget budget,
      PipelineMeters meters,
      Attempt.Timer timer,
      Duration timeout) {
    this.id = id;
    this.budget = budget;
    this.meters = meters;
    this.failures = new FailureLog(id);
    this.timer = timer;
    this.timeout = timeout;
  }

  PipelineId id() {
    return id;
  }

  Optional<DeliveryFailure> failure() {
    return failures.failure();
  }

  /**
   * From now on every batch goes to this version; what the version before it has begun, it ends.
   * The result completes when it has.
   */
  CompletableFuture<Void> switchTo(Subscription next, Executor runsIntake) {
    next.open(runsIntake);
    return retire(active.getAndSet(next), next);
  }

  /** From now on no version takes batches. */
  CompletableFuture<Void> stop() {
    return retire(active.getAndSet(null), null);
  }

  /** Stops this very version, if it is the active one. */
  void stop(Subscription subscription) {
    if (active.compareAndSet(subscription, null)) {
      CompletableFuture<Void> _ = subscription.retire();
    }
  }

  void remove() {
    meters.remove();
  }

  /** Offers a batch, borrowed for the time of the call. The answer comes from any thread. */
  void offer(OtlpBatch batch, Lease lease, Answers answers) {
    Subscription subscription = enter();
    if (subscription == null) {
      meters.failed("not_running", batch.records(), batch.size());
      answers.answer(id, new Answer.Failed(NOT_RUNNING));
      return;
    }
    OtlpBatch selected = subscription.selection().select(batch);
    if (selected.resources() == 0) {
      selected.release();
      subscription.leave();
      drop(subscription, batch, answers);
      return;
    }
    // What is shared is pinned whole, so a part of a batch counts as the whole batch.
    long pinned = batch.footprint();
    if (!budget.tryAcquire(pinned)) {
      meters.failed("full", selected.records(), selected.size());
      selected.release();
      subscription.leave();
      failures.full();
      answers.answer(id, new Answer.Full());
      return;
    }
    lease.retain();
    Runnable letGo =
        () -> {
          budget.release(pinned);
          lease.release();
          subscription.leave();
        };
    new Attempt(meters, selected, answer -> answered(answer, answers), letGo)
        .start(subscription, selected, timer, timeout);
  }

  private void drop(Subscription subscription, OtlpBatch batch, Answers answers) {
    Answer.Dropped dropped =
        subscription.selection().enabled()
            ? Answer.Dropped.NOT_SELECTED
            : Answer.Dropped.INPUT_DISABLED;
    meters.dropped(dropped.reason(), batch.records(), batch.size());
    answers.answer(id, dropped);
  }

  private void answered(Answer answer, Answers answers) {
    switch (answer) {
      case Answer.Taken _ -> failures.recovered();
      case Answer.Failed(Outcome outcome) -> failures.failed(outcome);
      case Answer.Full _ -> failures.full();
      case Answer.Dropped _ -> {}
    }
    answers.answer(id, answer);
  }

  /** The active version with one batch let in, or null if there is none. */
  private @Nullable Subscription enter() {
    Subscription current = active.get();
    while (current != null && !current.enter()) {
      Subscription next = active.get();
      // Retired, and nothing has taken its place yet: it is being stopped.
      current = next == current ? null : next;
    }
    return current;
  }

  private static CompletableFuture<Void> retire(
      @Nullable Subscription old, @Nullable Subscription next) {
    return old == null || old == next ? CompletableFuture.completedFuture(null) : old.retire();
  }
}
