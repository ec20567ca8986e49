/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One pipeline's try at one batch: gives exactly one answer, by its connector or by the clock, and
 * gives back what it held when the connector has let go of the batch, which may be later.
 *
 * <p>Thread-safe. A connector that never lets go keeps its pipeline's bytes and nobody else's.
 */
final class Attempt {
  private enum State {
    UNDER_WAY,
    TIMED_OUT,
    ENDED
  }

  private static final Outcome TIMED_OUT =
      new Outcome.RetryLater(
          OtlpStatus.of(GrpcCode.DEADLINE_EXCEEDED, "the backend did not answer in time"), null);

  private final PipelineMeters meters;
  private final Consumer<Answer> fanOut;
  private final Runnable letGo;
  private final AtomicReference<State> state = new AtomicReference<>(State.UNDER_WAY);
  private volatile @Nullable Cancellable deadline;

  /** What can be called off, as a timer's task. */
  interface Cancellable {
    void cancel();
  }

  /** Calls {@code task} once, after a while, on a thread of its own. */
  interface Timer {
    Cancellable schedule(Runnable task, Duration after);
  }

  /**
   * An attempt that has not begun.
   *
   * @param fanOut gets the answer
   * @param letGo called once when the connector has ended
   */
  Attempt(PipelineMeters meters, Consumer<Answer> fanOut, Runnable letGo) {
    this.meters = meters;
    this.fanOut = fanOut;
    this.letGo = letGo;
  }

  /** Hands the batch over with its reference, and answers for the connector after the timeout. */
  void start(Subscription subscription, OtlpBatch batch, Timer timer, Duration timeout) {
    deadline = timer.schedule(this::timeOut, timeout);
    try {
      subscription.executor().execute(() -> subscription.intake().take(batch, this::end));
    } catch (RejectedExecutionException e) {
      // Only from the executor: an intake answers and does not throw.
      batch.release();
      end(new Answer.Failed(FailureOutcomes.of(e)));
    }
  }

  private void timeOut() {
    if (state.compareAndSet(State.UNDER_WAY, State.TIMED_OUT)) {
      fanOut.accept(new Answer.Failed(TIMED_OUT));
    }
  }

  private void end(Answer answer) {
    State before = state.getAndSet(State.ENDED);
    switch (before) {
      case UNDER_WAY -> {
        cancelDeadline();
        letGo.run();
        fanOut.accept(answer);
      }
      case TIMED_OUT -> {
        letGo.run();
        meters.late();
      }
      case ENDED -> meters.repeated();
    }
  }

  private void cancelDeadline() {
    Cancellable scheduled = deadline;
    if (scheduled != null) {
      scheduled.cancel();
    }
  }
}
