/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.util.Collection;

/**
 * How large the portions of a pipeline may be: as its settings say, but smaller for a while where
 * the backend has found one too large, or too much for the time it has. Guarded by its deliverer's
 * lock.
 */
final class PortionSize {
  private static final int SMALLEST = 16 << 10;

  /** Deliveries until a bound that was halved is back. */
  private static final int STEPS = 64;

  private PortionSettings settings;
  private int bytes;

  PortionSize(PortionSettings settings) {
    this.settings = settings;
    this.bytes = settings.bytes();
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
  void change(PortionSettings next) {
    settings = next;
    bytes = next.bytes();
  }

  /** A portion of so many bytes was too much. */
  void tooMuch(long portion) {
    bytes = (int) Math.min(bytes, Math.max(SMALLEST, portion / 2));
  }

  void delivered() {
    bytes = (int) Math.min(settings.bytes(), bytes + (long) settings.bytes() / STEPS);
  }

  /** The backend is another one now. */
  void reset() {
    bytes = settings.bytes();
  }
}
