/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Lets a reader see what many counters hold at one moment, and never makes a writer wait.
 *
 * <p>Writers say when a change begins and when it has ended. Every change that has begun when a
 * reading ends had ended when it began, or the reading is made again: as many ends before as begins
 * after.
 */
final class Moments {
  /** A change takes less than a microsecond, so that a gap is found soon however many there are. */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private static final long PAUSE_NANOS = 5_000;

  private final LongAdder begun = new LongAdder();
  private final LongAdder ended = new LongAdder();

  /** Changes counters, in one step for every reader. */
  void change(Runnable change) {
    begun.increment();
    try {
      change.run();
    } finally {
      ended.increment();
    }
  }

  /** Reads counters; empty if there was no moment without a change for 100 ms. */
  <T> Optional<T> read(Supplier<T> reading) {
    long start = System.nanoTime();
    do {
      long before = ended.sum();
      T value = reading.get();
      if (begun.sum() == before) {
        return Optional.of(value);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    } while (System.nanoTime() - start < PATIENCE.toNanos());
    return Optional.empty();
  }
}
