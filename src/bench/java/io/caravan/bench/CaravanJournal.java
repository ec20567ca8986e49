/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.journal.AppendListener;
import io.caravan.journal.DiskFolder;
import io.caravan.journal.Entry;
import io.caravan.journal.Journal;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.journal.Place;
import io.caravan.journal.Portion;
import io.caravan.journal.Receipt;
import io.caravan.journal.Reservation;
import io.caravan.journal.StoredRecord;
import io.caravan.journal.Target;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** The journal of this project; each reader is a place, and reads even what is still in memory. */
final class CaravanJournal implements JournalUnderTest {

  private static final long BOUND = 64L << 30;
  private static final int PORTION_BYTES = 1 << 20;

  private final Journal journal;
  private final List<Place> places = new ArrayList<>();

  CaravanJournal(Path folder, int readers) throws IOException {
    journal =
        Journal.open(
            DiskFolder.at(folder),
            JournalSettings.of(BOUND).withFreePercent(0),
            JournalListener.NONE);
    for (int reader = 0; reader < readers; reader++) {
      places.add(journal.place("pipeline-" + reader));
    }
  }

  @Override
  public CompletableFuture<Void> append(ByteBuf request) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    journal.append(
        new Entry(
            (byte) 0,
            (byte) 0,
            System.currentTimeMillis(),
            1,
            0,
            targets(request.readableBytes()),
            request,
            true),
        new Answer(durable));
    return durable;
  }

  private List<Target> targets(long bytes) {
    List<Target> targets = new ArrayList<>(places.size());
    for (Place place : places) {
      Reservation reservation = place.tryReserve(bytes);
      if (reservation != Reservation.GRANTED) {
        throw new IllegalStateException(place + ": " + reservation);
      }
      targets.add(new Target(place, 1, bytes));
    }
    return targets;
  }

  private record Answer(CompletableFuture<Void> durable) implements AppendListener {
    @Override
    public void written(List<Receipt> receipts) {
      durable.complete(null);
    }

    @Override
    public void failed(IOException cause) {
      durable.completeExceptionally(cause);
    }
  }

  @Override
  public Reader reader(int number) {
    return new PlaceReader(places.get(number));
  }

  private static final class PlaceReader implements Reader {
    private final Place place;
    private long from;

    private PlaceReader(Place place) {
      this.place = place;
      from = place.oldest();
    }

    @Override
    public int read(Consumer<ByteBuffer> pipeline) throws IOException {
      Portion portion = place.read(from, PORTION_BYTES);
      for (StoredRecord record : portion.records()) {
        pipeline.accept(record.payload().nioBuffer());
        record.payload().release();
        place.acknowledge(record.receipt());
      }
      from = portion.next();
      return portion.records().size();
    }
  }
}
