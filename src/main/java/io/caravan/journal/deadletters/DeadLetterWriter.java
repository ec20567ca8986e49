/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import io.caravan.journal.AppendListener;
import io.caravan.journal.Entry;
import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.journal.Receipt;
import io.caravan.journal.Reservation;
import io.caravan.journal.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Appends letters, after it has made room for them where there is none. Thread-safe. */
final class DeadLetterWriter {
  /** What is freed at once is a part of the bound, so that not each letter reads the disk. */
  private static final int PART_TO_FREE = 64;

  private final Journal journal;
  private final long bytesOfAPipeline;
  private final Retention retention;
  private final Executor sweeping;

  /**
   * A writer.
   *
   * @param sweeping where files may be read; the only thread that uses {@code retention}
   */
  DeadLetterWriter(Journal journal, long bytesOfAPipeline, Retention retention, Executor sweeping) {
    this.journal = journal;
    this.bytesOfAPipeline = bytesOfAPipeline;
    this.retention = retention;
    this.sweeping = sweeping;
  }

  void add(String pipeline, DeadLetter letter, Consumer<@Nullable IOException> stored) {
    if (append(pipeline, letter, stored) == Reservation.GRANTED) {
      return;
    }
    try {
      sweeping.execute(() -> makeRoomAndAppend(pipeline, letter, stored));
    } catch (RejectedExecutionException e) {
      fail(letter, stored, new ClosedChannelException());
    }
  }

  private void makeRoomAndAppend(
      String pipeline, DeadLetter letter, Consumer<@Nullable IOException> stored) {
    try {
      for (Reservation answer = append(pipeline, letter, stored);
          answer != Reservation.GRANTED;
          answer = append(pipeline, letter, stored)) {
        makeRoom(pipeline, letter, answer);
      }
    } catch (IOException e) {
      fail(letter, stored, e);
    } catch (RuntimeException e) { // of a listener; whoever waits has to hear of it all the same
      fail(letter, stored, new IOException("no room could be made for a dead letter", e));
    }
  }

  private void makeRoom(String pipeline, DeadLetter letter, Reservation answer) throws IOException {
    // To drop letters would give nothing back soon: segments go as a whole, and later.
    if (answer == Reservation.FILE_SYSTEM_FULL) {
      throw new IOException("the file system of the dead letters has no room left");
    }
    long bytes = Math.max(Envelope.held(letter.payload()), bytesOfAPipeline / PART_TO_FREE);
    if (!retention.makeRoom(journal.place(pipeline), bytes)) {
      throw new IOException(
          "a dead letter of %d bytes finds no room (%s), and there are none to drop for it"
              .formatted(letter.payload().readableBytes(), answer));
    }
  }

  private static void fail(
      DeadLetter letter, Consumer<@Nullable IOException> stored, IOException cause) {
    letter.payload().release();
    stored.accept(cause);
  }

  private Reservation append(
      String pipeline, DeadLetter letter, Consumer<@Nullable IOException> stored) {
    long bytes = Envelope.held(letter.payload());
    Place place;
    synchronized (this) { // no place is removed between the two
      place = journal.place(pipeline);
      place.limit(bytesOfAPipeline);
      Reservation answer = place.tryReserve(bytes);
      if (answer != Reservation.GRANTED) {
        return answer;
      }
    }
    DeadLetterHeader header = letter.header();
    ByteBuf payload = Envelope.wrap(letter, PooledByteBufAllocator.DEFAULT);
    journal.append(
        new Entry(
            header.signal(),
            header.origin(),
            header.buried().toEpochMilli(),
            header.records(),
            0,
            List.of(new Target(place, header.records(), bytes)),
            payload,
            true),
        new AppendListener() {
          @Override
          public void written(List<Receipt> receipts) {
            stored.accept(null);
          }

          @Override
          public void failed(IOException cause) {
            stored.accept(cause);
          }
        });
    return Reservation.GRANTED;
  }

  /** Places without letters go, so that they take no share from the others. */
  synchronized void removeEmptyPlaces() {
    for (Place place : journal.places()) {
      if (place.pendingBytes() == 0 && place.pendingEntries() == 0) {
        journal.remove(place);
      }
    }
  }
}
