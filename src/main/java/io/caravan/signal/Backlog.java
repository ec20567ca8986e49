/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.DeliveryFailure;
import io.caravan.delivery.Deliverer;
import io.caravan.journal.Place;
import io.caravan.journal.Portion;
import io.caravan.journal.Receipt;
import io.caravan.otlp.OtlpBatch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one pipeline has in the journal and has not delivered. Thread-safe. */
final class Backlog {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  private final Place place;
  private final Deliverer deliverer;
  private final BacklogEndings endings;
  private final BacklogReader reader;

  Backlog(Place place, Deliverer deliverer, BacklogEndings endings, BacklogReader reader) {
    this.place = place;
    this.deliverer = deliverer;
    this.endings = endings;
    this.reader = reader;
  }

  /** See {@link BacklogReader#written}. */
  void written(Receipt receipt, OtlpBatch batch, long sender, long time) {
    reader.written(new Arrival(receipt, batch, sender, time));
  }

  /** Reads what there is, unless that is under way or there is no room for it. */
  void readSoon() {
    reader.readSoon();
  }

  /**
   * Gives up the oldest that it has and that is not under way, at least so many bytes if there are
   * as many: at once what is with the deliverer, which is older, and soon what is in the journal
   * alone.
   */
  void makeRoom(long bytes) {
    long freed = deliverer.displace(bytes);
    if (freed < bytes) {
      reader.dropOldest(bytes - freed);
    }
  }

  /** When what waits longest was accepted; empty if nothing waits, or nobody can read it now. */
  Optional<Instant> oldest() {
    try {
      Portion first = place.read(place.oldest(), 1);
      first.records().forEach(record -> record.payload().release());
      return first.records().stream()
          .findFirst()
          .map(record -> Instant.ofEpochMilli(record.time()));
    } catch (IOException e) {
      LOG.warn("event=journal_unreadable pipeline={} error=\"{}\"", place.id(), e.toString());
      return Optional.empty();
    }
  }

  /** Why what waits cannot be read; empty if it can. */
  Optional<DeliveryFailure> unreadable() {
    return reader.unreadable();
  }

  Place place() {
    return place;
  }

  BacklogEndings endings() {
    return endings;
  }

  Deliverer deliverer() {
    return deliverer;
  }

  /** Begins nothing any more; completes when what is under way has ended, at most then. */
  CompletableFuture<Void> close(Duration deadline) {
    return deliverer.close(deadline);
  }
}
