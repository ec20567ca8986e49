/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.util.concurrent.atomic.AtomicLong;

/** A bound on bytes that are held at the same time. Thread-safe. */
public final class MemoryBudget {
  private final long limit;
  private final AtomicLong used = new AtomicLong();

  /**
   * A budget of which nothing is used.
   *
   * @throws IllegalArgumentException if {@code limit} is not positive
   */
  public MemoryBudget(long limit) {
    if (limit <= 0) {
      throw new IllegalArgumentException("a budget of " + limit + " bytes lets nothing pass");
    }
    this.limit = limit;
  }

  /**
   * Takes {@code bytes} if they fit. One batch that is larger than the whole budget fits when
   * nothing else is on its way, or it would be refused for ever.
   */
  public boolean tryAcquire(long bytes) {
    return tryAcquire(bytes, 0);
  }

  /** The same for somebody who holds {@code own} bytes of the budget already. */
  boolean tryAcquire(long bytes, long own) {
    long before = used.getAndAdd(bytes);
    if (before == own || before + bytes <= limit) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  public void release(long bytes) {
    used.addAndGet(-bytes);
  }

  /** How many more bytes somebody could have now who holds {@code own} already. */
  long room(long own) {
    long now = used.get();
    return now == own ? Long.MAX_VALUE : Math.max(0, limit - now);
  }

  public long used() {
    return used.get();
  }

  public long limit() {
    return limit;
  }
}
