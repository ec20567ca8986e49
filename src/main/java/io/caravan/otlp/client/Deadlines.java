/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.GrpcCode;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends the attempts of one exporter on one event loop when their time is up.
 *
 * <p>All have the same timeout, so they end in the order in which they began: one timer for the
 * first of the queue instead of one for each.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the timer runs on the loop that owns this
final class Deadlines {
  private final EventLoop loop;
  private final Endpoint endpoint;
  private final Duration timeout;
  private final Deque<Export> running = new ArrayDeque<>();
  private boolean armed;

  Deadlines(EventLoop loop, Endpoint endpoint, Duration timeout) {
    this.loop = loop;
    this.endpoint = endpoint;
    this.timeout = timeout;
  }

  void add(Export export) {
    removeDone();
    running.add(export);
    arm(export.deadlineNanos());
  }

  private void arm(long deadlineNanos) {
    if (!armed) {
      armed = true;
      long delay = Math.max(1, deadlineNanos - System.nanoTime());
      loop.schedule(this::expire, delay, TimeUnit.NANOSECONDS);
    }
  }

  private void expire() {
    armed = false;
    long now = System.nanoTime();
    removeDone();
    for (Export first = running.peek();
        first != null && first.deadlineNanos() <= now;
        first = running.peek()) {
      running.remove();
      first.timeOut(
          Outcomes.later(
              GrpcCode.DEADLINE_EXCEEDED,
              endpoint + " did not answer within " + timeout.toMillis() + " ms."));
      removeDone();
    }
    Export next = running.peek();
    if (next != null) {
      arm(next.deadlineNanos());
    }
  }

  private @Nullable Export removeDone() {
    Export first = running.peek();
    while (first != null && first.done()) {
      running.remove();
      first = running.peek();
    }
    return first;
  }
}
