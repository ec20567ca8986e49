/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A queue of which at most one portion is under way, so that nothing in it overtakes. Guarded by
 * its deliverer's lock.
 */
final class Lane {
  private final ArrayDeque<Item> waiting = new ArrayDeque<>(4);

  /** What any lane may take when it has nothing of its own. */
  private final ArrayDeque<Item> common;

  private @Nullable Attempt attempt;
  private int failures;
  private long readyAt;
  private int width = Integer.MAX_VALUE;
  private long heldBytes;

  Lane(ArrayDeque<Item> common, long now) {
    this.common = common;
    this.readyAt = now;
  }

  void add(Item item) {
    waiting.addLast(item);
  }

  /** Puts items back, of which the first is to be the next. */
  void putBack(List<Item> items) {
    for (Item item : items.reversed()) {
      waiting.addFirst(item);
    }
  }

  boolean isFree() {
    return attempt == null;
  }

  /** Whether it has items of its own, that is. */
  boolean isIdle() {
    return attempt == null && waiting.isEmpty();
  }

  /** What goes out next; null if nothing waits. */
  @Nullable Item head() {
    Item own = waiting.peekFirst();
    return own == null ? common.peekFirst() : own;
  }

  @Nullable Item poll() {
    Item own = waiting.pollFirst();
    return own == null ? common.pollFirst() : own;
  }

  ArrayDeque<Item> waiting() {
    return waiting;
  }

  /** Takes out those of these items that wait. */
  List<Item> remove(List<Item> items) {
    Set<Item> wanted = new HashSet<>(items);
    List<Item> found = new ArrayList<>();
    waiting.removeIf(item -> wanted.contains(item) && found.add(item));
    return found;
  }

  /** Takes out those that wait and of which that holds. */
  List<Item> removeIf(Predicate<Item> condition) {
    List<Item> found = new ArrayList<>(0);
    waiting.removeIf(item -> condition.test(item) && found.add(item));
    return found;
  }

  /** One item, which waits no longer. */
  List<Item> takeOne() {
    return List.of((waiting.isEmpty() ? common : waiting).removeFirst());
  }

  /** The items that go out together next, at least one; they wait no longer. */
  List<Item> take(PortionSize size) {
    ArrayDeque<Item> source = waiting.isEmpty() ? common : waiting;
    Item first = source.removeFirst();
    List<Item> portion = new ArrayList<>();
    portion.add(first);
    int most = Math.min(width, first.together());
    int maxRecords = size.records(first, source);
    long records = first.records();
    long bytes = first.size();
    Item next = source.peekFirst();
    while (next != null
        && portion.size() < most
        && next.together() > portion.size()
        && next.batch().signal() == first.batch().signal()
        && records + next.records() <= maxRecords
        && bytes + next.size() <= size.bytes()) {
      portion.add(source.removeFirst());
      records += next.records();
      bytes += next.size();
      next = source.peekFirst();
    }
    return portion;
  }

  @Nullable Attempt attempt() {
    return attempt;
  }

  void begin(Attempt begun) {
    attempt = begun;
  }

  void end() {
    attempt = null;
  }

  /** When it may try again, as {@link Timer#nanoTime}. */
  long readyAt() {
    return readyAt;
  }

  void readyAt(long nanos) {
    readyAt = nanos;
  }

  /** The failures in a row, with this one. */
  int failed() {
    return ++failures;
  }

  /** Something was delivered: portions grow again, if they had to shrink. */
  void delivered() {
    failures = 0;
    width = width > Integer.MAX_VALUE / 2 ? Integer.MAX_VALUE : 2 * width;
  }

  /** A request was refused though it was alone: further ones go out alone until one is taken. */
  void refused() {
    failures = 0;
    width = 1;
  }

  /** Forgets what went before: the backend is another one. */
  void reset(long now) {
    failures = 0;
    readyAt = now;
    width = Integer.MAX_VALUE;
  }

  /** What the deliveries that are in it, or under way from it, hold in memory. */
  long heldBytes() {
    return heldBytes;
  }

  void hold(long bytes) {
    heldBytes += bytes;
  }
}
