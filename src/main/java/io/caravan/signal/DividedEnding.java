/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.delivery.Ending;
import io.caravan.journal.Receipt;
import io.caravan.observe.ledger.Amount;
import io.caravan.signal.books.PlaceBook;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What became of a delivery that was divided, once all of its parts that no backend took are
 * stored. The parts make up the whole: a part has its own bytes, as far as the whole has any left,
 * and what was delivered, or else the last part, has the rest.
 */
final class DividedEnding {
  private record Part(String reason, Amount amount) {}

  private final Receipt receipt;
  private final PlaceBook book;
  private final List<Part> parts = new ArrayList<>();
  private final Amount delivered;
  private final int rejected;
  private final AtomicInteger open;

  DividedEnding(Receipt receipt, Ending.Divided divided, PlaceBook book) {
    this.receipt = receipt;
    this.book = book;
    this.rejected = divided.rejected();
    this.open = new AtomicInteger(divided.rest().size());
    Amount left = PlaceBook.amount(receipt);
    int last = divided.delivered() > 0 ? -1 : divided.rest().size() - 1;
    for (int i = 0; i < divided.rest().size(); i++) {
      Ending.Part part = divided.rest().get(i);
      long records = Math.min(part.batch().records(), left.records());
      long bytes = Math.min(part.batch().size(), left.bytes());
      Amount amount = i == last ? left : new Amount(records, bytes);
      parts.add(new Part(Graveyard.reason(part.ending()), amount));
      left = left.minus(amount);
    }
    this.delivered = left;
  }

  /** Another part is stored: whether it was the last one. */
  boolean stored() {
    return open.decrementAndGet() == 0;
  }

  /** With the place's lock. */
  void post() {
    parts.forEach(part -> book.deadLettered(receipt, part.reason, part.amount));
    if (!delivered.isNone()) {
      book.delivered(receipt, delivered, rejected);
    }
  }
}
