/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * A set of numbers, kept as intervals that neither overlap nor touch. Not thread-safe.
 *
 * <p>Numbers that are added nearly in order take as many intervals as there are gaps, however many
 * they are.
 */
final class IntervalSet {
  /** The last number of each interval by its first. */
  private final TreeMap<Long, Long> intervals = new TreeMap<>();

  IntervalSet() {}

  IntervalSet(IntervalSet other) {
    intervals.putAll(other.intervals);
  }

  /** Whether the number was not there before. */
  boolean add(long number) {
    if (contains(number)) {
      return false;
    }
    add(number, number);
    return true;
  }

  /** Adds all from first to last. */
  void add(long first, long last) {
    if (first > last) {
      return;
    }
    long from = first;
    long to = last;
    Map.Entry<Long, Long> below = intervals.floorEntry(first);
    if (below != null && below.getValue() >= first - 1) {
      from = below.getKey();
      to = Math.max(to, below.getValue());
    }
    Map.Entry<Long, Long> above = intervals.higherEntry(from);
    while (above != null && above.getKey() - 1 <= to) {
      to = Math.max(to, above.getValue());
      intervals.remove(above.getKey());
      above = intervals.higherEntry(from);
    }
    intervals.put(from, to);
  }

  void addAll(IntervalSet other) {
    other.forEach(this::add);
  }

  boolean contains(long number) {
    return containsAll(number, number);
  }

  boolean containsAll(long first, long last) {
    Map.Entry<Long, Long> below = intervals.floorEntry(first);
    return below != null && below.getValue() >= last;
  }

  /** Adds all from first to last that {@code other} does not have. */
  void addMissing(long first, long last, IntervalSet other) {
    long next = first;
    Map.Entry<Long, Long> interval = other.intervals.floorEntry(first);
    if (interval == null) {
      interval = other.intervals.higherEntry(first);
    }
    while (interval != null && interval.getKey() <= last) {
      add(next, interval.getKey() - 1);
      next = Math.max(next, interval.getValue() + 1);
      interval = other.intervals.higherEntry(interval.getKey());
    }
    add(next, last);
  }

  /** The largest number, or -1. */
  long last() {
    Map.Entry<Long, Long> last = intervals.lastEntry();
    return last == null ? -1 : last.getValue();
  }

  void forEach(BiConsumer<Long, Long> firstAndLast) {
    intervals.forEach(firstAndLast);
  }

  /** The first and the last number of each interval, in order. */
  List<long[]> toList() {
    List<long[]> list = new ArrayList<>(intervals.size());
    intervals.forEach((first, last) -> list.add(new long[] {first, last}));
    return list;
  }

  /** How many numbers there are. */
  long count() {
    return intervals.entrySet().stream()
        .mapToLong(interval -> interval.getValue() - interval.getKey() + 1)
        .sum();
  }

  /** How many intervals there are. */
  int size() {
    return intervals.size();
  }

  boolean isEmpty() {
    return intervals.isEmpty();
  }

  void clear() {
    intervals.clear();
  }

  @Override
  public String toString() {
    return intervals.toString();
  }
}
