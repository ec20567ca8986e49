/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A segment, and which records of which places it holds. Thread-safe; records are added by one
 * thread, in the order of their positions.
 */
final class Segment {
  private record Range(long first, long last) {
    boolean holds(long ordinal) {
      return ordinal >= first && ordinal <= last;
    }
  }

  private final int number;
  private final long mark;
  private final Map<Integer, Range> ranges = new HashMap<>();

  /** What stands here a second time, since a sync failed; nearly always empty. */
  private final Map<Integer, IntervalSet> copies = new HashMap<>();

  private final AtomicLong pendingBytes = new AtomicLong();
  private volatile long end = SegmentHeader.LENGTH;
  private volatile boolean closed;
  private volatile long pendingWhenCompacted = Long.MAX_VALUE;

  /** Bytes that the file takes on the disk. */
  private volatile long diskBytes;

  // Guarded by this.
  private int readers;
  private boolean retired;
  private boolean ended;

  Segment(int number, long mark) {
    this.number = number;
    this.mark = mark;
  }

  int number() {
    return number;
  }

  long mark() {
    return mark;
  }

  String fileName() {
    return SegmentHeader.fileName(number);
  }

  /** The offset behind the last record that may be read. */
  long end() {
    return end;
  }

  void end(long offset) {
    end = offset;
    diskBytes = Math.max(diskBytes, offset);
  }

  /** Nothing is added any more. */
  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
  }

  /** Records may have been left out of the file, and so not begin where one began before. */
  boolean compacted() {
    return pendingWhenCompacted < Long.MAX_VALUE;
  }

  /** What was pending when the last compaction began; without one the largest number. */
  long pendingWhenCompacted() {
    return pendingWhenCompacted;
  }

  void compacting() {
    pendingWhenCompacted = pendingBytes();
  }

  long diskBytes() {
    return diskBytes;
  }

  void diskBytes(long bytes) {
    diskBytes = bytes;
  }

  /** Bytes that places hold here; those of a record that two hold count twice. */
  long pendingBytes() {
    return pendingBytes.get();
  }

  void pending(long more) {
    pendingBytes.addAndGet(more);
  }

  synchronized void add(int place, long ordinal) {
    ranges.merge(
        place,
        new Range(ordinal, ordinal),
        (old, added) -> new Range(Math.min(old.first, ordinal), Math.max(old.last, ordinal)));
  }

  synchronized boolean holds(int place) {
    return ranges.containsKey(place);
  }

  synchronized boolean holds(int place, long ordinal) {
    Range range = ranges.get(place);
    return range != null && range.holds(ordinal) && !isCopy(place, ordinal);
  }

  private boolean isCopy(int place, long ordinal) {
    IntervalSet ordinals = copies.get(place);
    return ordinals != null && ordinals.contains(ordinal);
  }

  /** The record stands in a segment before this one too, and is read there. */
  synchronized void addCopy(int place, long ordinal) {
    copies.computeIfAbsent(place, _ -> new IntervalSet()).add(ordinal, ordinal);
  }

  /** Forgets the place if all of its records here are done. */
  synchronized void forget(Place place) {
    Range range = ranges.get(place.number());
    if (range != null && place.isDone(range.first, range.last)) {
      ranges.remove(place.number());
    }
  }

  /** Forgets all places but these. */
  synchronized void keepOnly(Set<Integer> places) {
    ranges.keySet().retainAll(places);
  }

  /** It was ended in order by this process: each sync of its file has succeeded. */
  synchronized void ended() {
    ended = true;
  }

  /**
   * Somebody is about to read the file, and says when he has with {@link #leave}. False if there is
   * nothing to read: everybody is done with it, and the file may be another's.
   */
  synchronized boolean enter() {
    if (retired) {
      return false;
    }
    readers++;
    return true;
  }

  synchronized void leave() {
    readers--;
  }

  /**
   * Lets nobody read the file from now on. Returns whether it may be written over: not while
   * somebody reads it, not where a sync has failed, and not with holes in it.
   */
  synchronized boolean retire() {
    retired = true;
    return ended && readers == 0 && !compacted();
  }

  /** Nobody needs it and nobody will. */
  synchronized boolean deletable() {
    return closed && ranges.isEmpty();
  }
}
