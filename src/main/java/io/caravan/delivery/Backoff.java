/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.api.Delivery.Retry;
import java.util.random.RandomGenerator;

/**
 * Exponential backoff with full jitter: after n failures in a row, a random time between 0 and
 * min(max, initial × 2ⁿ⁻¹). Source: Marc Brooker, "Exponential Backoff And Jitter". Not
 * thread-safe.
 */
final class Backoff {
  private static final int MOST_DOUBLINGS = 30;

  private final RandomGenerator random;
  private long initialNanos;
  private long maxNanos;

  Backoff(Retry retry, RandomGenerator random) {
    this.random = random;
    change(retry);
  }

  /** From now on. */
  final void change(Retry retry) {
    initialNanos = retry.initial().toNanos();
    maxNanos = retry.max().toNanos();
  }

  /** The most nanoseconds to wait after the first failure. */
  long initialNanos() {
    return initialNanos;
  }

  /** Nanoseconds to wait after so many failures in a row, 1 or more. */
  long nanos(int failures) {
    return random.nextLong(bound(failures) + 1);
  }

  /** Nanoseconds to wait where nothing helps but somebody: the longer half of the longest wait. */
  long longestNanos() {
    return maxNanos / 2 + random.nextLong(maxNanos / 2 + 1);
  }

  private long bound(int failures) {
    int doublings = Math.min(failures - 1, MOST_DOUBLINGS);
    return initialNanos > maxNanos >> doublings ? maxNanos : initialNanos << doublings;
  }
}
