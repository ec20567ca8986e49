/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.net.EventLoops;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Keeps routes off the thread that writes the journal: what it begins goes on at the event loop
 * that the batch came on, where its exporter has a connection, and the thread writes the next
 * group. Everything else goes on where it is. Thread-safe.
 *
 * <p>What is begun for one event loop is done in the order in which it was begun.
 */
final class Handover implements AutoCloseable {
  private static final ThreadLocal<@Nullable Executor> NEXT = new ThreadLocal<>();

  private final EventLoops loops = EventLoops.acquire();

  /** The event loop of this thread, or else one of them. */
  Executor here() {
    return loops.loops().get(loops.nearest());
  }

  /** Does the work on this thread, but the routes that it begins on {@code next}. */
  static void during(Executor next, Runnable work) {
    NEXT.set(next);
    try {
      work.run();
    } finally {
      NEXT.remove();
    }
  }

  /**
   * Begins a route, here or where this thread hands it over to.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the event loops have ended
   */
  static void begin(Runnable route) {
    Executor next = NEXT.get();
    if (next == null) {
      route.run();
    } else {
      next.execute(route);
    }
  }

  @Override
  public void close() {
    loops.close();
  }
}
