/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done when a lock has been left: calls to those who may call back. A call that leads
 * to further ones on its own thread ends before they begin, so that a connector which answers at
 * once does not grow the stack. To be used by one thread.
 */
final class Effects {
  private static final Logger LOG = LoggerFactory.getLogger(Effects.class);

  private static final ThreadLocal<@Nullable ArrayDeque<Runnable>> RUNNING = new ThreadLocal<>();

  private final List<Runnable> collected = new ArrayList<>(2);

  void add(Runnable effect) {
    collected.add(effect);
  }

  /** Does what was added, or leaves it to the same call further up on this thread. */
  void run() {
    if (collected.isEmpty()) {
      return;
    }
    ArrayDeque<Runnable> running = RUNNING.get();
    if (running != null) {
      running.addAll(collected);
      return;
    }
    ArrayDeque<Runnable> queue = new ArrayDeque<>(collected);
    RUNNING.set(queue);
    try {
      Runnable next = queue.poll();
      while (next != null) {
        runOne(next);
        next = queue.poll();
      }
    } finally {
      RUNNING.remove();
    }
  }

  /** One that fails is no reason to leave the others undone. */
  private static void runOne(Runnable effect) {
    try {
      effect.run();
    } catch (Throwable e) {
      LOG.error("event=delivery_callback_failed", e);
    }
  }
}
