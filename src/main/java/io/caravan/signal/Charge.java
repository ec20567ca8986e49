/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One request's share of the node's budget: given back when the last of those who still hold the
 * request's bytes has let go. Pipelines share the bytes, so they are counted once.
 */
final class Charge {
  private final ByteBudget budget;
  private final long bytes;
  private final AtomicInteger holders = new AtomicInteger(1);

  /** A charge of bytes that were acquired already, with one holder. */
  Charge(ByteBudget budget, long bytes) {
    this.budget = budget;
    this.bytes = bytes;
  }

  void retain() {
    holders.incrementAndGet();
  }

  void release() {
    if (holders.decrementAndGet() == 0) {
      budget.release(bytes);
    }
  }
}
