/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.books;

import io.caravan.journal.Place;
import io.caravan.observe.ledger.Amount;
import io.caravan.observe.ledger.PipelineBook;
import io.caravan.observe.ledger.Source;
import org.jspecify.annotations.Nullable;

/**
 * Posts what a pipeline accepts and what has come to its end in the same moment, without waiting in
 * the journal: also to the totals that are saved with the pipeline's place, if it has one.
 * Thread-safe.
 */
public final class PipelinePostings {
  private record Saved(Place place, PlaceBook book) {}

  private final PipelineBook book;
  private volatile @Nullable Saved saved;

  public PipelinePostings(PipelineBook book) {
    this.book = book;
  }

  /** From now on the place's totals are posted to. */
  public void savedWith(Place place, PlaceBook with) {
    saved = new Saved(place, with);
  }

  /** The sender hears OK, and the pipeline does not have the records. */
  public void dropped(String reason, long records, long bytes) {
    Amount amount = new Amount(records, bytes);
    Saved now = saved;
    if (now == null) {
      book.together(
          () -> {
            book.accepted(Source.OTLP, amount);
            book.dropped(Source.OTLP, reason, amount);
          });
    } else {
      now.place.post(() -> now.book.droppedAtOnce(Source.OTLP, reason, amount));
    }
  }

  /**
   * The backend has the records.
   *
   * @param rejected of them (partial success)
   */
  public void delivered(long records, long bytes, int rejected) {
    Amount amount = new Amount(records, bytes);
    Saved now = saved;
    if (now == null) {
      Amount refused = Shares.of(amount, rejected);
      book.together(
          () -> {
            book.accepted(Source.OTLP, amount);
            book.delivered(Source.OTLP, amount.minus(refused));
            if (!refused.isNone()) {
              book.dropped(Source.OTLP, Shares.REJECTED, refused);
            }
          });
    } else {
      now.place.post(() -> now.book.deliveredAtOnce(Source.OTLP, amount, rejected));
    }
  }
}
