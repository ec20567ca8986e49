/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.api.Delivery.Order;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The lanes of a pipeline, which come to be when they are needed. Guarded by its lock. */
final class Lanes {
  /** Spreads the bits of a key, of which a sum of names may have few that differ: 2⁶⁴ / φ. */
  private static final long SPREAD = 0x9e3779b97f4a7c15L;

  private Order order;
  private final @Nullable Lane[] lanes;
  private final ArrayDeque<Item> common = new ArrayDeque<>(4);
  private int first;

  Lanes(Order order, int count) {
    this.order = order;
    this.lanes = new Lane[count];
  }

  /** From now on; what waits already goes out from where it is. */
  void change(Order next) {
    order = next;
  }

  /** The lane of a sender; where there is no order, one that is idle, if any is. */
  Lane of(long sender, long now) {
    return switch (order) {
      case SENDER ->
          lane((int) Long.remainderUnsigned((sender * SPREAD) >>> 16, lanes.length), now);
      case NONE -> idle(now);
    };
  }

  private Lane idle(long now) {
    for (int i = 0; i < lanes.length; i++) {
      Lane lane = lane(i, now);
      if (lane.isIdle() && lane.readyAt() - now <= 0) {
        return lane;
      }
    }
    return lane(0, now);
  }

  private Lane lane(int i, long now) {
    Lane lane = lanes[i];
    if (lane == null) {
      lane = new Lane(common, now);
      lanes[i] = lane;
    }
    return lane;
  }

  void add(Lane lane, Item item) {
    switch (order) {
      case SENDER -> lane.add(item);
      case NONE -> common.addLast(item);
    }
  }

  /**
   * Takes out the delivery with the lowest position of those that wait, are whole, and for whose
   * end nobody waits; null if there is none.
   */
  @Nullable Item pollOldest() {
    ArrayDeque<Item> from = common;
    Item oldest = firstKept(common);
    for (Lane lane : lanes) {
      if (lane == null) {
        continue;
      }
      Item first = firstKept(lane.waiting());
      if (first != null && (oldest == null || position(first) < position(oldest))) {
        oldest = first;
        from = lane.waiting();
      }
    }
    if (oldest != null) {
      from.removeFirstOccurrence(oldest);
    }
    return oldest;
  }

  private static long position(Item item) {
    return item.progress().delivery().position();
  }

  private static @Nullable Item firstKept(ArrayDeque<Item> items) {
    for (Item item : items) {
      if (!item.progress().isDivided() && !item.progress().isWaitedFor()) {
        return item;
      }
    }
    return null;
  }

  /** What became of a delivery that has not ended; null if it has. */
  @Nullable Progress find(Delivery delivery) {
    Progress found = find(common, delivery);
    for (int i = 0; found == null && i < lanes.length; i++) {
      Lane lane = lanes[i];
      if (lane != null) {
        Attempt attempt = lane.attempt();
        found = attempt == null ? null : find(attempt.items(), delivery);
        found = found == null ? find(lane.waiting(), delivery) : found;
      }
    }
    return found;
  }

  private static @Nullable Progress find(Collection<Item> items, Delivery delivery) {
    for (Item item : items) {
      if (item.progress().delivery().equals(delivery)) {
        return item.progress();
      }
    }
    return null;
  }

  /** Takes out those of all lanes that wait and of which that holds. */
  List<Item> removeIf(Predicate<Item> condition) {
    List<Item> found = new ArrayList<>(0);
    common.removeIf(item -> condition.test(item) && found.add(item));
    forEach(lane -> found.addAll(lane.removeIf(condition)));
    return found;
  }

  /** When the first of the lanes that wait for their time may try again; empty if none waits. */
  OptionalLong nextTry(long now) {
    long soonest = Long.MAX_VALUE;
    for (Lane lane : lanes) {
      if (lane != null && lane.isFree() && lane.head() != null) {
        soonest = Math.min(soonest, Math.max(0, lane.readyAt() - now));
      }
    }
    return soonest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(now + soonest);
  }

  /** All there are, beginning with another one after each {@link #rotate}. */
  void forEach(Consumer<Lane> action) {
    int begin = first;
    for (int i = 0; i < lanes.length; i++) {
      Lane lane = lanes[(begin + i) % lanes.length];
      if (lane != null) {
        action.accept(lane);
      }
    }
  }

  void rotate() {
    first = (first + 1) % lanes.length;
  }
}
