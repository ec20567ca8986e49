/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What is written while a backlog reads the last of what it was behind with. It is kept in memory,
 * or a backlog under load would have to read that too, and then what was written meanwhile, and
 * would never follow again. Not thread-safe.
 */
final class LastStretch {
  private final Deque<Arrival> arrivals = new ArrayDeque<>();
  private final long maxBytes;
  private long bytes;
  private long left = Long.MAX_VALUE;

  LastStretch(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes an arrival over, in the order of the journal; false, now and from now on, if that is too
   * much: then it has to be read.
   */
  boolean add(Arrival arrival) {
    if (left != Long.MAX_VALUE || bytes + arrival.batch().footprint() > maxBytes) {
      left = Math.min(left, arrival.position());
      return false;
    }
    bytes += arrival.batch().footprint();
    arrivals.add(arrival);
    return true;
  }

  /** Whether reading up to there leaves out nothing that is not in here. */
  boolean isReached(long next) {
    return !arrivals.isEmpty() && arrivals.getFirst().position() <= next;
  }

  /** The next that was not read before; its reference is the caller's. */
  Optional<Arrival> poll(long next) {
    while (!arrivals.isEmpty()) {
      Arrival arrival = arrivals.removeFirst();
      bytes -= arrival.batch().footprint();
      if (arrival.position() >= next) {
        return Optional.of(arrival);
      }
      arrival.batch().release();
    }
    return Optional.empty();
  }

  /** The position of the first that was too much; the greatest there is if none was. */
  long left() {
    return left;
  }

  /** Lets go of all: they have been read, or will be. */
  void release() {
    arrivals.forEach(arrival -> arrival.batch().release());
    arrivals.clear();
  }
}
