/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.delivery.Delivery;
import io.caravan.delivery.Ending;
import io.caravan.journal.Place;
import io.caravan.journal.Receipt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts what became of a pipeline's deliveries, puts aside what no backend took, and only then
 * lets go of it in the journal. Thread-safe.
 */
final class BacklogEndings {
  private static final String DELETED = "pipeline_deleted";

  private final String pipeline;
  private final Place place;
  private final PipelineMeters meters;
  private final Graveyard graveyard;

  BacklogEndings(String pipeline, Place place, PipelineMeters meters, Graveyard graveyard) {
    this.pipeline = pipeline;
    this.place = place;
    this.meters = meters;
    this.graveyard = graveyard;
  }

  void ended(Receipt receipt, Delivery delivery, Ending ending) {
    // Asked for now: the batch is borrowed, and what is stored is told of later.
    int records = delivery.batch().records();
    long bytes = delivery.batch().size();
    switch (ending) {
      case Ending.Delivered(int rejected) -> {
        if (place.acknowledge(receipt)) {
          meters.delivered(records, rejected, bytes);
        }
      }
      case Ending.Divided divided -> divided(receipt, delivery, divided);
      case Ending.Refused _, Ending.Expired _ ->
          graveyard.bury(
              pipeline,
              delivery.batch(),
              ending,
              delivery.acceptedAt(),
              () -> {
                if (place.acknowledge(receipt)) {
                  buried(ending, records, bytes);
                }
              });
      // It stays in the journal, for the next process or until it is read again.
      case Ending.Left _, Ending.Withdrawn _ -> {}
    }
  }

  private void divided(Receipt receipt, Delivery delivery, Ending.Divided divided) {
    AtomicInteger open = new AtomicInteger(1);
    int records = delivery.batch().records();
    long bytes = delivery.batch().size();
    Runnable stored =
        () -> {
          if (open.decrementAndGet() == 0 && place.acknowledge(receipt)) {
            long share = records == 0 ? 0 : bytes * divided.delivered() / records;
            meters.delivered(divided.delivered(), divided.rejected(), share);
          }
        };
    for (Ending.Part part : divided.rest()) {
      if (part.ending() instanceof Ending.Left || part.ending() instanceof Ending.Withdrawn) {
        open.incrementAndGet(); // the whole stays in the journal, and comes again
      } else {
        open.incrementAndGet();
        int partRecords = part.batch().records();
        long partBytes = part.batch().size();
        graveyard.bury(
            pipeline,
            part.batch(),
            part.ending(),
            delivery.acceptedAt(),
            () -> {
              buried(part.ending(), partRecords, partBytes);
              stored.run();
            });
      }
    }
    stored.run();
  }

  private void buried(Ending ending, int records, long bytes) {
    meters.deadLettered(Graveyard.reason(ending), records, bytes);
  }

  /** A record of which no batch can be made. */
  void unusable(Receipt receipt) {
    if (place.acknowledge(receipt)) {
      meters.dropped("unusable", receipt.records(), receipt.bytes());
    }
  }

  /** A record of a deleted pipeline whose time is over; false if it had ended before. */
  boolean deleted(Receipt receipt) {
    boolean first = place.acknowledge(receipt);
    if (first) {
      meters.dropped(DELETED, receipt.records(), receipt.bytes());
    }
    return first;
  }

  /** A record that makes room for newer ones. */
  void displaced(Receipt receipt) {
    if (place.acknowledge(receipt)) {
      meters.dropped(Answer.Dropped.JOURNAL_FULL.reason(), receipt.records(), receipt.bytes());
    }
  }
}
