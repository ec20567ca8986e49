/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.time.Duration;

/**
 * Has its deliverer look again at the earliest time that was asked for. Guarded by the deliverer's
 * lock.
 */
final class Wake {
  private final Timer timer;
  private final Runnable look;
  private boolean scheduled;
  private long at;

  Wake(Timer timer, Runnable look) {
    this.timer = timer;
    this.look = look;
  }

  /** Asks for a look at a time of {@link Timer#nanoTime}, unless there is one before. */
  void at(long time, long now, Effects effects) {
    if (scheduled && at - time <= 0) {
      return;
    }
    scheduled = true;
    at = time;
    Duration after = Duration.ofNanos(Math.max(0, time - now));
    // One that was scheduled for later stays, and finds nothing to do.
    effects.add(() -> timer.schedule(look, after));
  }

  /** To be called with each look. */
  void looked(long now) {
    scheduled &= at - now > 0;
  }
}
