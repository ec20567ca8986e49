/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/** The lock of a pipeline, and what is to be done when it has been left. Thread-safe. */
final class Guard {
  private final ReentrantLock lock = new ReentrantLock();

  void run(Consumer<Effects> action) {
    call(
        effects -> {
          action.accept(effects);
          return true;
        });
  }

  <R> R call(Function<Effects, R> action) {
    Effects effects = new Effects();
    lock.lock();
    try {
      return action.apply(effects);
    } finally {
      lock.unlock();
      effects.run();
    }
  }
}
