/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/** How long things took, counted in steps of a sixteenth of a power of two. Thread-safe. */
final class Latencies {
  private static final int STEPS = 16;
  private static final int STEP_BITS = 4;

  private final AtomicLongArray counts = new AtomicLongArray(64 * STEPS);

  void add(long nanos) {
    counts.incrementAndGet(index(Math.max(nanos, STEPS)));
  }

  private static int index(long nanos) {
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    int step = (int) (nanos >>> (exponent - STEP_BITS)) & (STEPS - 1);
    return exponent * STEPS + step;
  }

  private static long value(int index) {
    int exponent = index / STEPS;
    return (1L << exponent) + ((long) (index % STEPS) << (exponent - STEP_BITS));
  }

  /** The value that this share of all is not above, 0 without any. */
  Duration quantile(double share) {
    long all = 0;
    for (int i = 0; i < counts.length(); i++) {
      all += counts.get(i);
    }
    long below = 0;
    for (int i = 0; i < counts.length(); i++) {
      below += counts.get(i);
      if (below > 0 && below >= share * all) {
        return Duration.ofNanos(value(i));
      }
    }
    return Duration.ZERO;
  }
}
