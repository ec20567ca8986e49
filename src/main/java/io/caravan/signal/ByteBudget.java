/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import java.util.concurrent.atomic.AtomicLong;

/** A bound on the bytes of batches that may be on their way at one time. Thread-safe. */
final class ByteBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  ByteBudget(long limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("a budget of " + limit + " bytes lets nothing pass");
    }
    this.limit = limit;
  }

  /**
   * Takes {@code bytes} if they fit. One batch that is larger than the whole budget fits when
   * nothing else is on its way, or it would be refused for ever.
   */
  boolean tryAcquire(long bytes) {
    long before = used.getAndAdd(bytes);
    if (before == 0 || before + bytes <= limit) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  void release(long bytes) {
    used.addAndGet(-bytes);
  }

  long used() {
    return used.get();
  }
}
