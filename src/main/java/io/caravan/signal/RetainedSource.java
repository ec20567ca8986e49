/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.journal.Place;
import io.caravan.journal.Portion;
import io.caravan.journal.StoredRecord;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a pipeline has delivered and kept, in the order in which it came. What waits for delivery is
 * left to that, and what comes after the replay began is not sent.
 */
final class RetainedSource implements ReplaySource {
  private static final int READ_BYTES = 1 << 20;
  private static final int READ_HEADER_BYTES = 256 << 10;

  private final Retained retained;
  private final Signal signal;
  private final ReplayWindow window;
  private final long end;
  private final Deque<StoredRecord> read = new ArrayDeque<>();
  private long next;
  private boolean over;

  RetainedSource(Retained retained, Signal signal, ReplayWindow window) {
    this.retained = retained;
    this.signal = signal;
    this.window = window;
    this.next = retained.companion().oldest();
    this.end = retained.companion().end();
  }

  @Override
  public Optional<Item> next() throws IOException {
    while (true) {
      StoredRecord record = read.poll();
      if (record != null) {
        Optional<Item> item = item(record);
        if (item.isPresent()) {
          return item;
        }
      } else if (over || next >= end) {
        return Optional.empty();
      } else {
        skipToWindow();
        readMore();
      }
    }
  }

  /** Of what namespace a record is stands in its payload, which is not read for this. */
  @Override
  public OptionalLong records() throws IOException {
    if (window.namespace().isPresent()) {
      return OptionalLong.empty();
    }
    long records = 0;
    for (long at = next; at < end; ) {
      Portion portion = retained.companion().readHeaders(at, READ_HEADER_BYTES);
      Set<Long> waiting = waiting(at, portion.next());
      for (StoredRecord record : portion.records()) {
        if (window.isOver(record.time())) {
          return OptionalLong.of(records);
        }
        records += isWanted(record, waiting) ? record.records() : 0;
      }
      at = portion.next();
    }
    return OptionalLong.of(records);
  }

  private boolean isWanted(StoredRecord record, Set<Long> waiting) {
    return record.position() < end
        && window.contains(record.time())
        && !waiting.contains(record.position());
  }

  /** Reads no payload of what came before the time that is wanted. */
  private void skipToWindow() throws IOException {
    while (next < end) {
      Portion portion = retained.companion().readHeaders(next, READ_HEADER_BYTES);
      for (StoredRecord record : portion.records()) {
        if (!window.isBefore(record.time())) {
          next = record.position();
          return;
        }
      }
      next = portion.next();
    }
  }

  private void readMore() throws IOException {
    if (next >= end) {
      return;
    }
    Portion portion = retained.companion().read(next, READ_BYTES);
    Set<Long> waiting;
    try {
      waiting = waiting(next, portion.next());
    } catch (IOException e) {
      portion.records().forEach(record -> record.payload().release());
      throw e;
    }
    for (StoredRecord record : portion.records()) {
      over |= window.isOver(record.time());
      if (isWanted(record, waiting)) {
        read.add(record);
      } else {
        record.payload().release();
      }
    }
    next = portion.next();
  }

  /** The positions of what the pipeline has not delivered. */
  private Set<Long> waiting(long from, long to) throws IOException {
    Place place = retained.place();
    Set<Long> positions = new HashSet<>();
    for (long at = Math.max(from, place.oldest()); at < Math.min(to, place.end()); ) {
      Portion portion = place.readHeaders(at, READ_HEADER_BYTES);
      portion.records().forEach(record -> positions.add(record.position()));
      at = portion.next();
    }
    return positions;
  }

  /** Empty if nothing of the record is wanted. */
  private Optional<Item> item(StoredRecord record) {
    OtlpBatch batch;
    try {
      batch = StoredBatch.of(signal, record);
    } catch (MalformedOtlpException e) {
      return Optional.of(
          new LeftOut(
              "%d records at position %x of the journal are no request of OTLP: %s"
                  .formatted(record.records(), record.position(), e.getMessage())));
    }
    OtlpBatch wanted;
    try {
      wanted = window.select(batch);
    } finally {
      batch.release();
    }
    if (wanted.resources() == 0) {
      wanted.release();
      return Optional.empty();
    }
    return Optional.of(new Again(wanted, () -> {}));
  }

  @Override
  public void close() {
    read.forEach(record -> record.payload().release());
    read.clear();
  }
}
