/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * One attempt to send one batch, from the call to its outcome. Holds the batch until then. Only on
 * one event loop, after it was created.
 */
final class Export {
  private final OtlpBatch batch;
  private final Consumer<Outcome> listener;
  private final long deadlineNanos;
  private boolean done;
  private Runnable cancel = () -> {};

  Export(OtlpBatch batch, Consumer<Outcome> listener, Duration timeout) {
    this.batch = batch.retain();
    this.listener = listener;
    this.deadlineNanos = System.nanoTime() + timeout.toNanos();
  }

  OtlpBatch batch() {
    return batch;
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  boolean done() {
    return done;
  }

  /** What takes the attempt back where it times out. */
  void onTimeout(Runnable action) {
    cancel = action;
  }

  /** The first outcome counts; later ones come from the clean-up after it. */
  void complete(Outcome outcome) {
    if (!done) {
      done = true;
      batch.release();
      listener.accept(outcome);
    }
  }

  void timeOut(Outcome outcome) {
    Runnable action = cancel;
    complete(outcome);
    action.run();
  }
}
