/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.time.Duration;

/** The time as a delivery sees it, and what is to be done later. Thread-safe; shared by all. */
public interface Timer {

  /** What was scheduled and may be called off. */
  interface Scheduled {
    void cancel();
  }

  /** Nanoseconds since some moment, which do not jump: for waits. */
  long nanoTime();

  /** Milliseconds since 1970: for the age of batches, which outlive a process. */
  long epochMillis();

  /** Calls {@code task} once, not before {@code after} is over, and never before this returns. */
  Scheduled schedule(Runnable task, Duration after);
}
