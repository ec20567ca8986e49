/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One try at one portion. It has one outcome, by its connector or by the clock; the connector may
 * let go of the portion later than that.
 */
final class Attempt {
  /** Guarded by the deliverer's lock. */
  enum State {
    UNDER_WAY,
    /** The deliverer went on without it; its connector has not let go. */
    LEFT_BEHIND,
    ENDED
  }

  /** Who is told; thread-safe. */
  interface Judge {
    void answered(Attempt attempt, Outcome outcome);

    void timedOut(Attempt attempt);
  }

  private final Lane lane;
  private final List<Item> items;
  private final Breaker.Permit permit;
  private final int generation;
  private final long begun;
  private State state = State.UNDER_WAY;
  private volatile Timer.@Nullable Scheduled deadline;

  /** An attempt of the connector of that generation, which begins now. */
  Attempt(Lane lane, List<Item> items, Breaker.Permit permit, int generation, long begun) {
    this.lane = lane;
    this.items = items;
    this.permit = permit;
    this.generation = generation;
    this.begun = begun;
  }

  Lane lane() {
    return lane;
  }

  List<Item> items() {
    return items;
  }

  Breaker.Permit permit() {
    return permit;
  }

  int generation() {
    return generation;
  }

  /** As {@link Timer#nanoTime}. */
  long begun() {
    return begun;
  }

  State state() {
    return state;
  }

  void state(State next) {
    state = next;
  }

  /** The bytes of the request. */
  long size() {
    return items.stream().mapToLong(Item::size).sum();
  }

  /** A reference to each batch, for {@link #start}; under the lock. */
  List<OtlpBatch> retainBatches() {
    List<OtlpBatch> batches = new ArrayList<>(items.size());
    items.forEach(item -> batches.add(item.batch().retain()));
    return batches;
  }

  /** Goes to the connector with what {@link #retainBatches} gave; not under the lock. */
  void start(List<OtlpBatch> batches, Output output, Timer timer, Duration timeout, Judge judge) {
    OtlpBatch portion;
    try {
      portion = OtlpBatch.concat(batches);
    } catch (Throwable e) {
      // There is no direct memory at this moment: others let go of theirs.
      judge.answered(this, failed(e));
      return;
    } finally {
      batches.forEach(OtlpBatch::release);
    }
    try {
      deadline = timer.schedule(() -> judge.timedOut(this), timeout);
      output.executor().execute(() -> deliver(portion, output.connector(), judge));
    } catch (Throwable e) {
      // A timer or an executor that has stopped; the connector does not throw from there.
      portion.release();
      judge.answered(this, failed(e));
    }
  }

  private void deliver(OtlpBatch portion, Connector connector, Judge judge) {
    try {
      connector.deliver(portion, outcome -> judge.answered(this, outcome));
    } catch (Throwable e) {
      // Also an error: it is that of one pipeline, whose others go on.
      judge.answered(this, failed(e));
    }
  }

  void cancelDeadline() {
    Timer.Scheduled scheduled = deadline;
    if (scheduled != null) {
      scheduled.cancel();
    }
  }

  /**
   * What cannot be told passes for a failure that may pass: a batch is not lost for an exception.
   */
  static Outcome.RetryLater failed(Throwable e) {
    String message = e.getMessage();
    String name = e.getClass().getSimpleName();
    return new Outcome.RetryLater(
        OtlpStatus.of(GrpcCode.INTERNAL, message == null ? name : name + ": " + message), null);
  }
}
