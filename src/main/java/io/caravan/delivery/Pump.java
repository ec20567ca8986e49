/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Lets lanes go on that may, and sees to it that somebody looks again when others may. Guarded by
 * its deliverer's lock.
 */
final class Pump {
  /** Whether attempts begin. */
  enum Flow {
    RUNNING,
    PAUSED,
    CLOSED
  }

  /** Who asks again does not do so at once. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Lanes lanes;
  private final Attempts attempts;
  private final Breaker breaker;
  private final PortionSize portionSize;
  private final Endings endings;
  private final Failures failures;
  private final Timer timer;
  private final Wake wake;
  private Duration maxAge;
  private Flow flow = Flow.RUNNING;

  Pump(
      Lanes lanes,
      Attempts attempts,
      Breaker breaker,
      PortionSize portionSize,
      Endings endings,
      Failures failures,
      Timer timer,
      Wake wake,
      Duration maxAge) {
    this.lanes = lanes;
    this.attempts = attempts;
    this.breaker = breaker;
    this.portionSize = portionSize;
    this.endings = endings;
    this.failures = failures;
    this.timer = timer;
    this.wake = wake;
    this.maxAge = maxAge;
  }

  void change(Duration nextMaxAge) {
    maxAge = nextMaxAge;
  }

  boolean isClosed() {
    return flow == Flow.CLOSED;
  }

  /** What is closed stays closed. */
  void flow(Flow next) {
    flow = isClosed() ? Flow.CLOSED : next;
  }

  /**
   * For how long nothing new begins; empty if it would begin now.
   *
   * @param othersWait so that the next probe is one of theirs
   */
  Optional<Duration> standstill(boolean othersWait) {
    if (flow != Flow.RUNNING) {
      return Optional.of(SOON);
    }
    if (breaker.isClosed()) {
      return Optional.empty();
    }
    OptionalLong probe = breaker.nextProbe();
    long nanos = probe.isEmpty() ? 0 : Math.max(0, probe.getAsLong() - timer.nanoTime());
    if (nanos == 0 && probe.isPresent() && !othersWait) {
      return Optional.empty();
    }
    Duration wait = Duration.ofNanos(nanos);
    return Optional.of(wait.compareTo(SOON) < 0 ? SOON : wait);
  }

  /** When the next attempt begins, as far as that is known. */
  Optional<Instant> nextTry() {
    long now = timer.nanoTime();
    OptionalLong next = breaker.isClosed() ? lanes.nextTry(now) : breaker.nextProbe();
    return next.isEmpty()
        ? Optional.empty()
        : Optional.of(Instant.ofEpochMilli(timer.epochMillis()).plusNanos(next.getAsLong() - now));
  }

  /** The time for which {@link Wake} was asked has come. */
  void look(Effects effects) {
    wake.looked(timer.nanoTime());
    all(effects);
  }

  void all(Effects effects) {
    lanes.forEach(lane -> one(lane, effects));
  }

  void one(Lane lane, Effects effects) {
    if (!lane.isFree() || isClosed()) {
      return;
    }
    expire(lane, effects);
    Item head = lane.head();
    if (head == null || began(lane, effects)) {
      return;
    }
    long now = timer.nanoTime();
    wake.at(now + head.remaining(maxAge, timer), now, effects);
  }

  private boolean began(Lane lane, Effects effects) {
    if (flow != Flow.RUNNING || attempts.areBlocked()) {
      return false;
    }
    long now = timer.nanoTime();
    if (lane.readyAt() - now > 0) {
      wake.at(lane.readyAt(), now, effects);
      return false;
    }
    Breaker.Permit permit = breaker.begin(now);
    switch (permit) {
      case FREE -> attempts.begin(lane, lane.take(portionSize), permit, effects);
      case PROBE -> {
        lanes.rotate();
        attempts.begin(lane, lane.takeOne(), permit, effects);
      }
      case REFUSED -> {
        OptionalLong probe = breaker.nextProbe();
        if (probe.isPresent()) {
          wake.at(probe.getAsLong(), now, effects);
        }
      }
    }
    return permit != Breaker.Permit.REFUSED;
  }

  private void expire(Lane lane, Effects effects) {
    Item head = lane.head();
    while (head != null && head.remaining(maxAge, timer) <= 0) {
      lane.poll();
      endings.ended(head, new Ending.Expired(failures.last()), effects);
      head = lane.head();
    }
  }
}
