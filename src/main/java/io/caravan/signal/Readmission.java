/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.journal.AppendListener;
import io.caravan.journal.Entry;
import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.journal.Receipt;
import io.caravan.journal.Reservation;
import io.caravan.journal.Target;
import io.caravan.observe.ledger.Origin;
import io.caravan.otlp.OtlpBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/**
 * Puts records that were accepted once into a pipeline's backlog again: as a new acceptance of
 * origin replay, or with the origin and time that they have. Thread-safe.
 *
 * <p>The pipeline's selection is not asked: somebody has chosen what to send.
 */
final class Readmission {
  /** Whether records that are put into a pipeline's backlog are kept by it for replay already. */
  enum Source {
    RETAINED_THERE,
    NOT_RETAINED
  }

  static final byte REPLAY = Origin.REPLAY.code();

  /** Enough to keep a backend busy, and little for the live data that comes behind it. */
  private static final long MOST_WAITING = 16 << 20;

  private static final int PART_OF_THE_BUFFER = 8;
  private static final byte[] ALL = {};

  private final Journal journal;
  private final Backlogs backlogs;
  private final SubscribedPipeline pipeline;
  private final LongFunction<Reservation> reserve;
  private final Place place;
  private final Optional<Retained> retained;

  /**
   * @param reserve asks for bytes in the place
   * @param retained keeps what is delivered; empty if nothing is to be kept, or is kept already
   */
  Readmission(
      Journal journal,
      Backlogs backlogs,
      SubscribedPipeline pipeline,
      Place place,
      LongFunction<Reservation> reserve,
      Optional<Retained> retained) {
    this.journal = journal;
    this.backlogs = backlogs;
    this.pipeline = pipeline;
    this.place = place;
    this.reserve = reserve;
    this.retained = retained;
  }

  /**
   * Asks for the bytes of a batch, which whoever gets them then appends. No room is also where
   * taking it would leave live data too little.
   */
  Reservation tryReserve(long bytes) {
    long most = Math.min(MOST_WAITING, pipeline.settings().buffer().size() / PART_OF_THE_BUFFER);
    long waiting = place.pendingBytes();
    return waiting > 0 && waiting + bytes > most ? Reservation.PLACE_FULL : reserve.apply(bytes);
  }

  /**
   * Has a batch written for which the bytes were reserved; takes over a reference to it.
   *
   * @return completes when it survives a power loss, or with the {@link IOException} that says why
   *     it does not
   */
  CompletableFuture<Void> append(OtlpBatch batch) {
    return append(batch, REPLAY, System.currentTimeMillis(), batch.sender());
  }

  /**
   * The same for what another journal has, as that has it.
   *
   * @param origin see {@link Entry#origin}
   * @param time see {@link Entry#time}
   * @param sender see {@link Entry#lane}
   */
  CompletableFuture<Void> append(OtlpBatch batch, byte origin, long time, long sender) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    List<Target> targets = new ArrayList<>(2);
    targets.add(new Target(place, batch.records(), batch.size()));
    retained
        .flatMap(kept -> kept.target(batch.records(), batch.size(), ALL))
        .ifPresent(targets::add);
    journal.append(
        new Entry(
            batch.signal().code(),
            origin,
            time,
            batch.records(),
            sender,
            targets,
            batch.payload().retainedSlice(),
            true),
        new AppendListener() {
          @Override
          public void written(List<Receipt> receipts) {
            backlogs.written(pipeline.id(), receipts.getFirst(), batch, sender, time);
            durable.complete(null);
          }

          @Override
          public void failed(IOException cause) {
            batch.release();
            durable.completeExceptionally(cause);
          }
        });
    return durable;
  }
}
