/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import java.util.OptionalInt;

/** At most so many records a second. Used by one thread. */
final class Pace {
  private static final double NANOS = 1e9;

  private final OptionalInt perSecond;
  private long free;
  private boolean begun;

  /**
   * A pace.
   *
   * @param perSecond at least 1; empty for no bound
   */
  Pace(OptionalInt perSecond) {
    this.perSecond = perSecond;
  }

  /** How many records may go at once: those of a second. */
  int largest() {
    return perSecond.orElse(Integer.MAX_VALUE);
  }

  /** How many nanoseconds so many records have to wait; they are taken to go then. */
  long before(int records, long now) {
    if (perSecond.isEmpty()) {
      return 0;
    }
    long start = begun ? Math.max(free, now) : now;
    begun = true;
    free = start + (long) (records * NANOS / perSecond.getAsInt());
    return start - now;
  }
}
