/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Which version of a pipeline takes its batches, of those that come and go. Thread-safe. */
final class Versions {
  private final AtomicReference<@Nullable Subscription> active = new AtomicReference<>();

  /** The one that takes batches; null if there is none. */
  @Nullable Subscription active() {
    return active.get();
  }

  /** The active version with one batch let in, or null if there is none. */
  @Nullable Subscription enter() {
    Subscription current = active.get();
    while (current != null && !current.enter()) {
      Subscription next = active.get();
      // Retired, and nothing has taken its place yet: it is being stopped.
      current = next == current ? null : next;
    }
    return current;
  }

  /** Another one takes batches from now on, which is open already; gives the one before. */
  @Nullable Subscription switchTo(Subscription next, Executor runsIntake) {
    next.open(runsIntake);
    return active.getAndSet(next);
  }

  /** None takes batches from now on; completes when the one before has ended what it had begun. */
  CompletableFuture<Void> stop() {
    return retire(active.getAndSet(null), null);
  }

  /** Stops this very version; false if it is not the active one. */
  boolean stop(Subscription subscription) {
    boolean stopped = active.compareAndSet(subscription, null);
    if (stopped) {
      CompletableFuture<Void> _ = subscription.retire();
    }
    return stopped;
  }

  /** Completes when the old version, if it is another one, has ended what it had begun. */
  static CompletableFuture<Void> retire(@Nullable Subscription old, @Nullable Subscription next) {
    return old == null || old == next ? CompletableFuture.completedFuture(null) : old.retire();
  }
}
