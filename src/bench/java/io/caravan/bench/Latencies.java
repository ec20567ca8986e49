/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * A histogram of durations with sixteen steps to the power of two, so exact to about 6 %. Not
 * thread-safe.
 */
final class Latencies {

  private static final int STEPS = 16;

  private final long[] counts = new long[64 * STEPS];
  private long total;

  void add(long nanos) {
    counts[bucket(Math.max(STEPS, nanos))]++;
    total++;
  }

  void clear() {
    java.util.Arrays.fill(counts, 0);
    total = 0;
  }

  /**
   * Returns the upper end of the bucket under which {@code fraction} of the durations lie, in ns.
   */
  long quantile(double fraction) {
    long wanted = (long) Math.ceil(total * fraction);
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        int exponent = i / STEPS;
        return ((long) (STEPS + i % STEPS + 1)) << (exponent - 4);
      }
    }
    return 0;
  }

  private static int bucket(long nanos) {
    int exponent = 63 - Long.numberOfLeadingZeros(nanos);
    int step = (int) (nanos >>> (exponent - 4)) - STEPS;
    return exponent * STEPS + step;
  }
}
