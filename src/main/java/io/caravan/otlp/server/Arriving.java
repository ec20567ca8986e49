/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpStatus;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a server that have begun to arrive and are not whole yet, and the budget that
 * they, and all that are on their way, share.
 *
 * <p>Senders that stop half-way must not take what the others need: where the memory is used up,
 * the requests that have been arriving for longest are dropped first. Thread-safe.
 */
final class Arriving {
  static final OtlpStatus FULL =
      new OtlpStatus(
          GrpcCode.UNAVAILABLE,
          "There is no memory for this request at the moment.",
          Duration.ofSeconds(1));

  /** Longer than any sender needs that does not stop in the middle. */
  private static final long PATIENCE_NANOS = Duration.ofSeconds(1).toNanos();

  private final MemoryBudget budget;
  private final Map<EventExecutor, Shelf> shelves = new ConcurrentHashMap<>();

  Arriving(MemoryBudget budget) {
    this.budget = budget;
  }

  MemoryBudget budget() {
    return budget;
  }

  /** The requests of one event loop. */
  Shelf shelf(EventExecutor loop) {
    return shelves.computeIfAbsent(loop, Shelf::new);
  }

  /** The requests of one event loop, in the order in which they began. Only on that loop. */
  final class Shelf {
    private final EventExecutor loop;
    private final Set<ArrivingBody> requests = new LinkedHashSet<>();
    private final AtomicBoolean asked = new AtomicBoolean();

    private Shelf(EventExecutor loop) {
      this.loop = loop;
    }

    MemoryBudget budget() {
      return budget;
    }

    void add(ArrivingBody request) {
      requests.add(request);
    }

    void remove(ArrivingBody request) {
      requests.remove(request);
    }

    /**
     * Makes room by dropping the request that has been arriving for longest, unless that is younger
     * than a second, or {@code needy} itself; then the other loops are asked to, for the next one.
     *
     * @return whether one was dropped
     */
    boolean makeRoom(ArrivingBody needy) {
      Iterator<ArrivingBody> oldest = requests.iterator();
      if (oldest.hasNext() && drop(oldest, needy)) {
        return true;
      }
      shelves.values().forEach(Shelf::ask);
      return false;
    }

    private boolean drop(Iterator<ArrivingBody> inOrder, @Nullable ArrivingBody needy) {
      ArrivingBody oldest = inOrder.next();
      if (oldest == needy || System.nanoTime() - oldest.startedNanos() < PATIENCE_NANOS) {
        return false;
      }
      inOrder.remove();
      oldest.drop();
      return true;
    }

    private void ask() {
      if (!loop.inEventLoop() && asked.compareAndSet(false, true)) {
        loop.execute(
            () -> {
              asked.set(false);
              Iterator<ArrivingBody> oldest = requests.iterator();
              boolean _ = oldest.hasNext() && drop(oldest, null);
            });
      }
    }
  }
}
