/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.delivery.Connector;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Reply;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Delivers through the route that a pipeline has at the moment. Thread-safe. */
final class RouteConnector implements Connector {
  private static final Outcome NOT_RUNNING =
      new Outcome.RetryLater(
          Answers.unavailable("the pipeline is not running", Duration.ofSeconds(1)), null);
  private static final Outcome REPLACED =
      new Outcome.RetryLater(
          OtlpStatus.of(GrpcCode.UNAVAILABLE, "the pipeline has just been replaced"),
          Duration.ZERO);

  private final Supplier<@Nullable Subscription> entered;
  private final Consumer<Outcome> told;
  private final Set<Runnable> open;

  /**
   * @param entered the active version of the pipeline with one batch let in; null if there is none
   * @param told hears of each outcome, late ones too
   * @param open lets go of the version of an attempt that has not ended
   */
  RouteConnector(
      Supplier<@Nullable Subscription> entered, Consumer<Outcome> told, Set<Runnable> open) {
    this.entered = entered;
    this.told = told;
    this.open = open;
  }

  @Override
  public void deliver(OtlpBatch batch, Consumer<Outcome> outcome) {
    Subscription subscription = entered.get();
    if (subscription == null) {
      batch.release();
      outcome.accept(NOT_RUNNING);
      return;
    }
    AtomicBoolean left = new AtomicBoolean();
    Runnable leave =
        () -> {
          if (left.compareAndSet(false, true)) {
            subscription.leave();
          }
        };
    open.add(leave);
    Consumer<Answer> answered =
        answer -> {
          leave.run();
          open.remove(leave);
          Outcome result = outcome(answer);
          told.accept(result);
          outcome.accept(result);
        };
    Runnable replaced =
        () -> {
          batch.release();
          answered.accept(new Answer.Failed(REPLACED));
        };
    Executor executor = subscription.executor();
    Runnable take = () -> subscription.intake().take(batch, answered);
    tryTo(() -> Handover.begin(() -> tryTo(() -> executor.execute(take), replaced)), replaced);
  }

  private static void tryTo(Runnable begins, Runnable otherwise) {
    try {
      begins.run();
    } catch (RejectedExecutionException e) {
      // Only from an executor, which ends with its version: an intake answers and does not throw.
      otherwise.run();
    }
  }

  private static Outcome outcome(Answer answer) {
    return switch (answer) {
      case Answer.Taken(Reply.Taken taken) ->
          new Outcome.Delivered(taken.rejected(), taken.message());
      case Answer.Dropped _ -> Outcome.Delivered.ALL;
      case Answer.Full _, Answer.Late _ ->
          new Outcome.RetryLater(Answers.unavailable("full", Duration.ofSeconds(1)), null);
      case Answer.Failed(Outcome failed) -> failed;
    };
  }
}
