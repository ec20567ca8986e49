/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.time.Duration;
import java.util.Collection;

/**
 * How large the portions of a pipeline may be: at most as its settings say. They begin small and
 * grow as the backend proves quick, so that a slow one is not found out by attempts that time out,
 * whose records would arrive twice; they shrink where it has found one too large, or too much for
 * the time it has. Guarded by its deliverer's lock.
 */
final class PortionSize {
  private static final int SMALLEST = 16 << 10;
  private static final int FIRST = 256 << 10;

  /** Deliveries until a bound that was halved is back. */
  private static final int STEPS = 64;

  /** Parts of an attempt's time: below the one a backend is quick, above the other slow. */
  private static final int QUICK = 6;

  private static final int SLOW = 3;

  private PortionSettings settings;
  private long timeoutNanos;
  private int bytes;

  /** Nothing was too much so far: what was quick may be twice as large. */
  private boolean learning = true;

  PortionSize(PortionSettings settings, Duration timeout) {
    this.settings = settings;
    this.timeoutNanos = timeout.toNanos();
    this.bytes = first();
  }

  private int first() {
    return Math.min(settings.bytes(), FIRST);
  }

  /** The most bytes of a portion of several requests. */
  int bytes() {
    return bytes;
  }

  /** The most records of a portion of several requests, of which the first was taken already. */
  int records(Item first, Collection<Item> waiting) {
    long records = first.records();
    for (Item item : waiting) {
      records += item.records();
      if (records > settings.records()) {
        return settings.recordsGrown();
      }
    }
    return settings.records();
  }

  /** From now on. */
  void change(PortionSettings next, Duration timeout) {
    settings = next;
    timeoutNanos = timeout.toNanos();
    bytes = Math.min(bytes, next.bytes());
    learning = true;
  }

  /** A portion of so many bytes was too much. */
  void tooMuch(long portion) {
    learning = false;
    bytes = (int) Math.min(bytes, Math.max(SMALLEST, portion / 2));
  }

  /** A portion of so many bytes was delivered, in so many nanoseconds. */
  void delivered(long portion, long nanos) {
    if (nanos > timeoutNanos / SLOW) {
      tooMuch(portion);
    } else if (nanos > timeoutNanos / QUICK) {
      learning = false;
    } else {
      // Of what has been proven, not of the bound: sixteen lanes prove the same at the same time.
      long proven = learning ? 2 * portion : portion + settings.bytes() / STEPS;
      bytes = (int) Math.max(bytes, Math.min(settings.bytes(), proven));
    }
  }

  /** The backend is another one now. */
  void reset() {
    learning = true;
    bytes = first();
  }
}
