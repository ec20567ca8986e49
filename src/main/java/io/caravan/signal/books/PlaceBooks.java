/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.books;

import io.caravan.api.PipelineId;
import io.caravan.journal.Place;
import io.caravan.observe.ledger.Ledger;
import java.util.HashMap;
import java.util.Map;

/** The accounts of the journal's places: one for each, for as long as it is there. Thread-safe. */
public final class PlaceBooks {
  private record Opened(PipelineId pipeline, PlaceBook book) {}

  private final Ledger ledger;

  // Guarded by this.
  private final Map<Place, Opened> opened = new HashMap<>();

  public PlaceBooks(Ledger ledger) {
    this.ledger = ledger;
  }

  /** The account of a pipeline's place: before anybody else does anything with the place. */
  public synchronized PlaceBook of(PipelineId pipeline, Place place) {
    return opened.computeIfAbsent(place, _ -> open(pipeline, place)).book;
  }

  private Opened open(PipelineId pipeline, Place place) {
    return new Opened(
        pipeline, place.keep(inheritance -> PlaceBook.open(ledger.book(pipeline), inheritance)));
  }

  /** The place is gone, and what was left there was counted. */
  public synchronized void removed(Place place) {
    opened.remove(place);
  }

  /**
   * Dead letters of a pipeline are there no longer. That is saved with one of its places; where it
   * has none any more, its totals are not saved either.
   */
  public synchronized void deadLettersDropped(DroppedLetters letters) {
    PipelineId pipeline = letters.pipeline().withoutUid();
    for (Map.Entry<Place, Opened> each : opened.entrySet()) {
      if (each.getValue().pipeline.withoutUid().equals(pipeline)) {
        PlaceBook book = each.getValue().book;
        each.getKey().post(() -> book.deadLettersDropped(letters));
        return;
      }
    }
    ledger
        .find(pipeline)
        .ifPresent(
            book ->
                book.deadLettersDropped(
                    letters.source(), letters.deadLettered(), letters.dropped(), letters.amount()));
  }
}
