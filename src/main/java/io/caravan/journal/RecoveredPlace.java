/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was found of a place in the segments when the journal was opened. Not thread-safe. */
final class RecoveredPlace {
  private final IntervalSet pending = new IntervalSet();
  private final Map<Byte, Held> counted = new TreeMap<>();
  private final Map<Byte, Held> since = new TreeMap<>();
  private final Map<Long, Receipt> lost = new HashMap<>();
  private long last;
  private long records;
  private long entries;
  private long bytes;

  /** What a record that was found is to the place. */
  enum Finding {
    PENDING,
    DONE,
    /** It was found before: a sync had failed, and it was written again to the next segment. */
    COPY
  }

  Finding found(TargetHeader target, byte origin, PlaceState state) {
    last = Math.max(last, target.ordinal());
    if (state.done().contains(target.ordinal())) {
      return Finding.DONE;
    }
    if (!pending.add(target.ordinal())) {
      return Finding.COPY;
    }
    records += target.records();
    entries++;
    bytes += target.bytes();
    lost.remove(target.ordinal());
    boolean before = target.ordinal() <= state.account().counted();
    (before ? counted : since)
        .merge(origin, new Held(origin, target.records(), target.bytes()), Held::plus);
    return Finding.PENDING;
  }

  /** A record whose payload is corrupt, and of which no copy was found before. */
  void damaged(TargetHeader target, Receipt receipt, PlaceState state) {
    last = Math.max(last, target.ordinal());
    if (!state.done().contains(target.ordinal()) && !pending.contains(target.ordinal())) {
      lost.put(target.ordinal(), receipt);
    }
  }

  /** The ordinals that are pending. */
  IntervalSet pending() {
    return pending;
  }

  /** What is pending, and has been counted by the account that was saved. */
  List<Held> counted() {
    return List.copyOf(counted.values());
  }

  /** What is pending, and has come since the account was saved. */
  List<Held> since() {
    return List.copyOf(since.values());
  }

  /** Records of which only the header is left. */
  Collection<Receipt> lost() {
    return lost.values();
  }

  /** Of these what the account that was saved has not counted. */
  List<Held> lost(SavedAccount saved) {
    return lost.values().stream()
        .filter(receipt -> receipt.ordinal() > saved.counted())
        .map(receipt -> new Held(receipt.origin(), receipt.records(), receipt.bytes()))
        .toList();
  }

  /** The largest ordinal that was found, or 0. */
  long last() {
    return last;
  }

  long records() {
    return records;
  }

  long entries() {
    return entries;
  }

  long bytes() {
    return bytes;
  }
}
