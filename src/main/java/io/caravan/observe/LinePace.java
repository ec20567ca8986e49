/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets a line into the log at most each ten seconds, where whoever is dead or full would otherwise
 * fill it at the rate of the senders. Thread-safe.
 */
public final class LinePace {
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final AtomicLong last = new AtomicLong(System.nanoTime() - QUIET_NANOS);

  /** Whether a line may be written now; whoever is told so writes it. */
  public boolean mayWrite() {
    long now = System.nanoTime();
    long before = last.get();
    return now - before >= QUIET_NANOS && last.compareAndSet(before, now);
  }
}
