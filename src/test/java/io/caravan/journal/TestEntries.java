/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Entries for tests, and what becomes of them. */
final class TestEntries {
  static final JournalSettings SMALL_SEGMENTS =
      JournalSettings.of(1 << 30).withSegmentBytes(4 << 10).withFreePercent(0);

  private TestEntries() {}

  static ByteBuf payload(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length + 1).writeBytes(bytes);
  }

  /** An entry of one record that the places take whole, for each of whom its bytes are reserved. */
  static Entry entry(String text, Place... places) {
    return entry(payload(text), places);
  }

  static Entry entry(ByteBuf payload, Place... places) {
    List<Target> targets = new ArrayList<>();
    for (Place place : places) {
      Reservation answer = place.tryReserve(payload.readableBytes());
      if (answer != Reservation.GRANTED) {
        payload.release();
        throw new IllegalStateException(place + ": " + answer);
      }
      targets.add(new Target(place, 1, payload.readableBytes()));
    }
    return new Entry((byte) 1, (byte) 2, 1_700_000_000_000L, 1, 42, targets, payload, true);
  }

  static Entry notDurable(Entry entry) {
    return new Entry(
        entry.signal(),
        entry.origin(),
        entry.time(),
        entry.records(),
        entry.lane(),
        entry.targets(),
        entry.payload(),
        false);
  }

  static CompletableFuture<List<Receipt>> append(Journal journal, Entry entry) {
    CompletableFuture<List<Receipt>> answer = new CompletableFuture<>();
    journal.append(
        entry,
        new AppendListener() {
          @Override
          public void written(List<Receipt> receipts) {
            answer.complete(receipts);
          }

          @Override
          public void failed(IOException cause) {
            answer.completeExceptionally(cause);
          }
        });
    return answer;
  }

  /** Appends an entry of one record and waits until it is written. */
  static Receipt written(Journal journal, String text, Place place) {
    return append(journal, entry(text, place)).join().getFirst();
  }

  /** The text of a record, which is released. */
  static String text(StoredRecord record) {
    try {
      return record.payload().toString(UTF_8);
    } finally {
      record.payload().release();
    }
  }

  /** All that is pending, in order. */
  static List<String> pending(Place place) throws IOException {
    return records(place).stream().map(TestEntries::text).toList();
  }

  /** All that is pending, in order; to be released. */
  static List<StoredRecord> records(Place place) throws IOException {
    List<StoredRecord> all = new ArrayList<>();
    long end = place.end();
    for (long at = place.oldest(); at < end; ) {
      Portion portion = place.read(at, 1 << 20);
      all.addAll(portion.records());
      at = portion.next();
    }
    return all;
  }
}
