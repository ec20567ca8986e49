/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of one connection: when it was last used, when to look for what has taken too long,
 * and when it is too old. Only on its channel's event loop.
 */
final class ConnectionWatch {
  private final Reception reception;
  private long lastActiveNanos = System.nanoTime();
  private @Nullable ScheduledFuture<?> looks;
  private @Nullable ScheduledFuture<?> age;

  ConnectionWatch(Reception reception) {
    this.reception = reception;
  }

  /** Calls {@code look} again and again from now on, and {@code aged} at the age to end at. */
  void start(ChannelHandlerContext ctx, Runnable look, Runnable aged) {
    long period = reception.watchPeriod();
    looks = ctx.executor().scheduleWithFixedDelay(look, period, period, TimeUnit.MILLISECONDS);
    if (reception.settings().maxConnectionAge().isPositive()) {
      age = ctx.executor().schedule(aged, reception.age(), TimeUnit.MILLISECONDS);
    }
  }

  void stop() {
    cancel(looks);
    cancel(age);
  }

  private static void cancel(@Nullable ScheduledFuture<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }

  /** A request has begun, or was answered. */
  void used() {
    lastActiveNanos = System.nanoTime();
  }

  /** Whether nothing has happened for longer than a connection is kept for. */
  boolean idle(long nowNanos) {
    return nowNanos - lastActiveNanos > reception.settings().idleTimeout().toNanos();
  }
}
