/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.util.OptionalLong;

/**
 * The circuit breaker of a pipeline. Closed, it lets every attempt begin. It opens after several
 * failures in a row, if nothing was delivered for a while either: a backend that takes one batch in
 * three is slow, and not dead. Open, it lets one attempt at a time begin as a probe, after a
 * backoff. The first success, of whichever attempt, closes it.
 *
 * <p>Times are of {@link Timer#nanoTime}. Not thread-safe.
 */
final class Breaker {
  /** Failures in a row that open it. */
  static final int THRESHOLD = 5;

  /**
   * First waits without a delivery before it opens. With one, a backend that answers seven requests
   * in ten with UNAVAILABLE is probed most of the time, and takes a tenth of what it could.
   */
  private static final int QUIET_WAITS = 10;

  /** Whether an attempt may begin. */
  enum Permit {
    FREE,
    /** As the only one, with one batch; its end is to be told. */
    PROBE,
    REFUSED
  }

  private sealed interface State {
    /**
     * @param failures in a row
     */
    record Closed(int failures) implements State {}

    /**
     * @param probes that failed, and one for the failures that opened it
     */
    record Open(int probes, long until) implements State {}

    record Probing(int probes) implements State {}
  }

  private final Backoff backoff;
  private State state = new State.Closed(0);
  private long lastSuccess;

  /** A closed one, of a backend that has not taken anything yet. */
  Breaker(Backoff backoff, long now) {
    this.backoff = backoff;
    this.lastSuccess = now - quietNanos();
  }

  boolean isClosed() {
    return state instanceof State.Closed;
  }

  /** Asks for an attempt to begin, which a permit says it does. */
  Permit begin(long now) {
    return switch (state) {
      case State.Closed _ -> Permit.FREE;
      case State.Open(int probes, long until) when now - until >= 0 -> {
        state = new State.Probing(probes);
        yield Permit.PROBE;
      }
      case State.Open _, State.Probing _ -> Permit.REFUSED;
    };
  }

  /** When the next probe may begin; empty while it is closed or one is under way. */
  OptionalLong nextProbe() {
    return state instanceof State.Open(int _, long until)
        ? OptionalLong.of(until)
        : OptionalLong.empty();
  }

  /** The backend has answered for itself, if only that it does not want this batch. */
  void succeeded(long now) {
    state = new State.Closed(0);
    lastSuccess = now;
  }

  /**
   * A failure that may pass.
   *
   * @param permit with which the attempt began
   * @param notBefore what the backend asked for; {@code now} if it did not
   */
  void failed(Permit permit, long now, long notBefore) {
    state =
        switch (state) {
          case State.Closed(int failures)
              when failures + 1 >= THRESHOLD && now - lastSuccess >= quietNanos() ->
              open(1, now + backoff.nanos(1), notBefore);
          case State.Closed(int failures) -> new State.Closed(failures + 1);
          case State.Probing(int probes) when permit == Permit.PROBE ->
              open(probes + 1, now + backoff.nanos(probes + 1), notBefore);
          case State.Probing probing -> probing;
          case State.Open(int probes, long until) -> open(probes, until, notBefore);
        };
  }

  /** Nothing will be taken until somebody changes something: opens at once, for long. */
  void misconfigured(long now) {
    int probes =
        switch (state) {
          case State.Closed _ -> 1;
          case State.Open(int before, long _) -> before;
          case State.Probing(int before) -> before + 1;
        };
    state = new State.Open(probes, now + backoff.longestNanos());
  }

  /** The backend is another one now. */
  void reset(long now) {
    state = new State.Closed(0);
    lastSuccess = now - quietNanos();
  }

  private long quietNanos() {
    return QUIET_WAITS * backoff.initialNanos();
  }

  private static State open(int probes, long until, long notBefore) {
    return new State.Open(probes, notBefore - until > 0 ? notBefore : until);
  }
}
