/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import java.time.Duration;

/**
 * When something that failed is to be tried again: after a second, then each time after twice as
 * long, at most a minute. Of one thread.
 */
final class RetryPace {
  private static final long FIRST_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long MOST_NANOS = Duration.ofMinutes(1).toNanos();

  private long waitNanos;
  private long failedNanos;

  /** It has failed now. */
  void failed() {
    waitNanos = waitNanos == 0 ? FIRST_NANOS : Math.min(2 * waitNanos, MOST_NANOS);
    failedNanos = System.nanoTime();
  }

  /** There is nothing to try again. */
  void succeeded() {
    waitNanos = 0;
  }

  boolean isDue() {
    return waitNanos > 0 && System.nanoTime() - failedNanos >= waitNanos;
  }
}
