/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Ends deliveries that wait: those for whose end somebody waits, as soon as it would wait in vain
 * (it has given up, nothing is tried at the moment, or the next try comes too late), and the oldest
 * of the others where room is needed. Guarded by its deliverer's lock.
 */
final class Waiting {
  private final Lanes lanes;
  private final Room room;
  private final Endings endings;
  private final Breaker breaker;
  private final Timer timer;
  private boolean stopping;

  Waiting(Lanes lanes, Room room, Endings endings, Breaker breaker, Timer timer) {
    this.lanes = lanes;
    this.room = room;
    this.endings = endings;
    this.breaker = breaker;
    this.timer = timer;
  }

  /** Nobody waits any more: what of it is not under way ends, and what is, is not tried again. */
  void callOff(Delivery delivery, Effects effects) {
    Progress progress = lanes.find(delivery);
    if (progress != null) {
      progress.callOff();
      withdraw(lanes.removeIf(item -> item.progress() == progress), effects);
    }
  }

  /** An attempt of that lane has been judged. */
  void judged(Lane lane, Effects effects) {
    if (room.waitedFor() == 0) {
      return;
    }
    if (breaker.isClosed()) {
      withdraw(lane.removeIf(comesTooLate(lane)), effects);
    } else {
      all(effects);
    }
  }

  /** Nothing is tried for now. */
  void all(Effects effects) {
    if (room.waitedFor() > 0) {
      withdraw(lanes.removeIf(item -> item.progress().isWaitedFor()), effects);
    }
  }

  /** From now on nothing is tried a second time while somebody waits. */
  void stopSoon(Effects effects) {
    stopping = true;
    lanes.forEach(lane -> withdraw(lane.removeIf(comesTooLate(lane)), effects));
  }

  private Predicate<Item> comesTooLate(Lane lane) {
    Duration wait = wait(lane);
    long next = timer.epochMillis() + wait.toMillis();
    boolean never = stopping && wait.isPositive();
    return item ->
        item.progress().isCalledOff()
            || item.progress().delivery().until() < next
            || (never && item.progress().isWaitedFor());
  }

  /** For how long the lane of a delivery waits, if that is for too long; empty if it is not. */
  Optional<Duration> tooLate(Delivery delivery) {
    Duration wait = wait(lanes.of(delivery.sender(), timer.nanoTime()));
    boolean never = stopping && wait.isPositive();
    boolean late = never || timer.epochMillis() + wait.toMillis() > delivery.until();
    return late ? Optional.of(wait) : Optional.empty();
  }

  private Duration wait(Lane lane) {
    return Duration.ofNanos(Math.max(0, lane.readyAt() - timer.nanoTime()));
  }

  /** Gives up the oldest of what nobody waits for, and says how many bytes that were. */
  long displace(long bytes, Effects effects) {
    long freed = 0;
    Item oldest = lanes.pollOldest();
    while (oldest != null) {
      freed += oldest.size();
      endings.ended(oldest, new Ending.Displaced(), effects);
      oldest = freed < bytes ? lanes.pollOldest() : null;
    }
    return freed;
  }

  private void withdraw(List<Item> items, Effects effects) {
    items.forEach(item -> endings.ended(item, new Ending.Withdrawn(), effects));
  }
}
