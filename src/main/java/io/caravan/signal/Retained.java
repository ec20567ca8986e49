/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.Delivery.Retain;
import io.caravan.api.PipelineId;
import io.caravan.api.RetainedAmount;
import io.caravan.journal.Place;
import io.caravan.journal.Portion;
import io.caravan.journal.Reservation;
import io.caravan.journal.RetainedPlaces;
import io.caravan.journal.StoredRecord;
import io.caravan.journal.Target;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * What a pipeline has delivered and keeps for replay: a companion of its place takes each record
 * too, and lets go of the oldest when a bound is reached. Thread-safe; what reads files says so.
 */
final class Retained {
  private static final int READ_BYTES = 64 << 10;

  private final PipelineId pipeline;
  private final Place place;
  private final Place companion;
  private final RetainedPlaces places;
  private volatile Retain bounds;

  // Guarded by this.
  /** Everything before has gone. */
  private long next;

  /** When the oldest record came, in milliseconds since 1970; of no meaning if there is none. */
  private long oldest;

  private boolean oldestIsKnown;

  Retained(PipelineId pipeline, Place place, RetainedPlaces places, Retain bounds) {
    this.pipeline = pipeline;
    this.place = place;
    this.places = places;
    this.bounds = bounds;
    this.companion = places.place(place);
    this.next = companion.oldest();
  }

  PipelineId pipeline() {
    return pipeline;
  }

  void bounds(Retain changed) {
    bounds = changed;
  }

  /** The place whose records are kept. */
  Place place() {
    return place;
  }

  /** The place that keeps them; also what is not delivered yet. */
  Place companion() {
    return companion;
  }

  /** What is appended beside the pipeline's own target; empty if it is not to be kept. */
  Optional<Target> target(int records, long bytes, byte[] resources) {
    return companion.tryReserve(bytes) == Reservation.GRANTED
        ? Optional.of(new Target(companion, records, bytes, resources))
        : Optional.empty();
  }

  /** Bytes that are kept for replay alone. */
  long bytes() {
    return places.bytes(place);
  }

  /** Records that are kept for replay alone. */
  long records() {
    return Math.max(0, companion.pendingRecords() - place.pendingRecords());
  }

  /** How much it is; the time of the oldest is that of the last look at the files. */
  RetainedAmount amount() {
    synchronized (this) {
      boolean known = oldestIsKnown && records() > 0;
      return new RetainedAmount(
          records(), bytes(), known ? Optional.of(Instant.ofEpochMilli(oldest)) : Optional.empty());
    }
  }

  /** When the oldest record came; empty if there is none. Reads files. */
  synchronized Optional<Instant> oldest() throws IOException {
    if (companion.pendingEntries() == 0) {
      return Optional.empty();
    }
    if (!oldestIsKnown) {
      drop(_ -> false);
    }
    return oldestIsKnown ? Optional.of(Instant.ofEpochMilli(oldest)) : Optional.empty();
  }

  /** Lets go of what is beyond a bound. Reads files. */
  synchronized void expire(Instant now) throws IOException {
    Retain within = bounds;
    long youngest = within.age().map(age -> now.minus(age).toEpochMilli()).orElse(Long.MIN_VALUE);
    long most = within.size().orElse(Long.MAX_VALUE);
    if (companion.pendingEntries() == 0
        || (oldestIsKnown && oldest >= youngest && bytes() <= most)) {
      return;
    }
    drop(record -> record.time() < youngest || bytes() > most);
  }

  /**
   * Lets go of the oldest, of at least so many bytes if there are as many. Reads files.
   *
   * @return how many bytes were given up
   */
  synchronized long giveUp(long bytes) throws IOException {
    long before = companion.pendingBytes();
    drop(_ -> before - companion.pendingBytes() < bytes && bytes() > 0);
    return before - companion.pendingBytes();
  }

  /** What is asked of each record, the oldest first. */
  private interface Goes {
    boolean test(StoredRecord record);
  }

  private void drop(Goes goes) throws IOException {
    oldestIsKnown = false;
    for (long end = companion.end(); next < end; ) {
      Portion portion = companion.readHeaders(next, READ_BYTES);
      for (StoredRecord record : portion.records()) {
        if (!goes.test(record)) {
          next = record.position();
          oldest = record.time();
          oldestIsKnown = true;
          return;
        }
        boolean _ = companion.acknowledge(record.receipt());
      }
      next = portion.next();
    }
  }

  /** A record was not delivered in the end, so there is nothing of it to keep. Reads files. */
  void notDelivered(long position) throws IOException {
    Optional<StoredRecord> record = companion.find(position);
    if (record.isPresent()) {
      record.get().payload().release();
      boolean _ = companion.acknowledge(record.get().receipt());
    }
  }
}
