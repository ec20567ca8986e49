/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** The segments of a journal, in order. Thread-safe. */
final class Segments {
  private final ConcurrentSkipListMap<Integer, Segment> byNumber = new ConcurrentSkipListMap<>();
  private volatile int next;

  void add(Segment segment) {
    byNumber.put(segment.number(), segment);
    numberSeen(segment.number());
  }

  /** A segment of this number was there once, and must not be again. */
  synchronized void numberSeen(int number) {
    next = Math.max(next, number + 1);
  }

  /** The number of the segment that will be created next. */
  int next() {
    return next;
  }

  void remove(Segment segment) {
    byNumber.remove(segment.number());
  }

  Optional<Segment> get(int number) {
    return Optional.ofNullable(byNumber.get(number));
  }

  /** The first segment of this or a higher number. */
  Optional<Segment> from(int number) {
    return Optional.ofNullable(byNumber.ceilingEntry(number)).map(Map.Entry::getValue);
  }

  Collection<Segment> all() {
    return byNumber.values();
  }

  /** Where the next record goes that is written. */
  long end() {
    Map.Entry<Integer, Segment> last = byNumber.lastEntry();
    if (last == null || last.getValue().closed()) {
      return Position.of(next, SegmentHeader.LENGTH);
    }
    return Position.of(last.getKey(), last.getValue().end());
  }

  /** Where the first record stands that the place has not done. */
  long oldest(Place place) {
    for (Segment segment : byNumber.values()) {
      if (segment.holds(place.number())) {
        return Position.of(segment.number(), SegmentHeader.LENGTH);
      }
    }
    return end();
  }

  /** Bytes of all files. */
  long diskBytes() {
    return byNumber.values().stream().mapToLong(Segment::diskBytes).sum();
  }
}
