/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

/** What was found of a place in the segments when the journal was opened. Not thread-safe. */
final class RecoveredPlace {
  private final IntervalSet pending = new IntervalSet();
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

  Finding found(TargetHeader target, IntervalSet done) {
    last = Math.max(last, target.ordinal());
    if (done.contains(target.ordinal())) {
      return Finding.DONE;
    }
    if (!pending.add(target.ordinal())) {
      return Finding.COPY;
    }
    records += target.records();
    entries++;
    bytes += target.bytes();
    return Finding.PENDING;
  }

  /** The ordinals that are pending. */
  IntervalSet pending() {
    return pending;
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
