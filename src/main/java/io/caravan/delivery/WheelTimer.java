/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.netty.util.HashedWheelTimer;
import io.netty.util.Timeout;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Tells the time of this machine, and schedules on the one thread of a wheel. */
public final class WheelTimer implements Timer {
  private final HashedWheelTimer wheel;

  /** The wheel stays the caller's to stop. */
  public WheelTimer(HashedWheelTimer wheel) {
    this.wheel = wheel;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public long epochMillis() {
    return System.currentTimeMillis();
  }

  @Override
  public Scheduled schedule(Runnable task, Duration after) {
    Timeout timeout = wheel.newTimeout(_ -> task.run(), after.toNanos(), TimeUnit.NANOSECONDS);
    return timeout::cancel;
  }
}
