/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.delivery.Delivery;
import io.caravan.delivery.Ending;
import io.caravan.journal.Place;
import io.caravan.journal.Receipt;
import io.caravan.signal.books.PlaceBook;

/**
 * Puts aside what no backend took, and only then lets go of a pipeline's deliveries in the journal;
 * what became of them is posted in the same step. Thread-safe.
 */
final class BacklogEndings {
  private static final String DELETED = "pipeline_deleted";

  /** Its bytes are right, and make no request. */
  private static final String UNUSABLE = "unusable";

  private final String pipeline;
  private final Place place;
  private final PlaceBook book;
  private final Graveyard graveyard;

  BacklogEndings(String pipeline, Place place, PlaceBook book, Graveyard graveyard) {
    this.pipeline = pipeline;
    this.place = place;
    this.book = book;
    this.graveyard = graveyard;
  }

  void ended(Receipt receipt, Delivery delivery, Ending ending) {
    switch (ending) {
      case Ending.Delivered(int rejected, String _) ->
          place.acknowledge(receipt, () -> book.delivered(receipt, rejected));
      case Ending.Divided divided -> divided(receipt, delivery, divided);
      case Ending.Refused _, Ending.Expired _ ->
          graveyard.bury(
              pipeline,
              delivery.batch(),
              ending,
              delivery.acceptedAt(),
              receipt.origin(),
              () ->
                  place.acknowledge(
                      receipt,
                      () ->
                          book.deadLettered(
                              receipt, Graveyard.reason(ending), PlaceBook.amount(receipt))));
      case Ending.Displaced _ -> displaced(receipt);
      // It stays in the journal, for the next process or until it is read again.
      case Ending.Left _, Ending.Withdrawn _ -> {}
    }
  }

  private void divided(Receipt receipt, Delivery delivery, Ending.Divided divided) {
    if (divided.rest().stream().anyMatch(BacklogEndings::stays)) {
      return; // the whole stays in the journal, and comes again
    }
    DividedEnding shares = new DividedEnding(receipt, divided, book);
    for (Ending.Part part : divided.rest()) {
      graveyard.bury(
          pipeline,
          part.batch(),
          part.ending(),
          delivery.acceptedAt(),
          receipt.origin(),
          () -> {
            if (shares.stored()) {
              place.acknowledge(receipt, shares::post);
            }
          });
    }
  }

  private static boolean stays(Ending.Part part) {
    return part.ending() instanceof Ending.Left || part.ending() instanceof Ending.Withdrawn;
  }

  /** A record of which no batch can be made. */
  void unusable(Receipt receipt) {
    drop(receipt, UNUSABLE);
  }

  /** A record of a deleted pipeline whose time is over; false if it had ended before. */
  boolean deleted(Receipt receipt) {
    return drop(receipt, DELETED);
  }

  /** A record that makes room for newer ones. */
  void displaced(Receipt receipt) {
    drop(receipt, Answer.Dropped.JOURNAL_FULL.reason());
  }

  private boolean drop(Receipt receipt, String reason) {
    return place.acknowledge(receipt, () -> book.dropped(receipt, reason));
  }
}
