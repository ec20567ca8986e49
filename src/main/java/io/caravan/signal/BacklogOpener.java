/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.delivery.Deliverer;
import io.caravan.delivery.DeliverySettings;
import io.caravan.delivery.Output;
import io.caravan.delivery.Timer;
import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.signal.books.PlaceBook;
import io.caravan.signal.books.PlaceBooks;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens a pipeline's backlog: its place in the journal, the account of that place, and a deliverer
 * for what is there. Thread-safe.
 */
final class BacklogOpener {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  private final Journal journal;
  private final PlaceBooks books;
  private final Graveyard graveyard;
  private final Retention retention;
  private final Timer timer;
  private final Executor reading;
  private final Later later;

  /**
   * @param reading where files may be read
   */
  BacklogOpener(
      Journal journal,
      PlaceBooks books,
      Graveyard graveyard,
      Retention retention,
      Timer timer,
      Executor reading,
      Later later) {
    this.journal = journal;
    this.books = books;
    this.graveyard = graveyard;
    this.retention = retention;
    this.timer = timer;
    this.reading = reading;
    this.later = later;
  }

  /** Nothing is read before {@link SubscribedPipeline#keepIn}. */
  Backlog open(SubscribedPipeline pipeline, DeliverySettings settings) {
    Place place = journal.place(pipeline.id().place());
    PlaceBook book = books.of(pipeline.id(), place);
    AtomicReference<Runnable> roomAgain = new AtomicReference<>(() -> {});
    Deliverer deliverer =
        new Deliverer(
            settings,
            new Output(pipeline.output().connector(), Runnable::run),
            timer,
            new SplittableRandom(),
            () -> roomAgain.get().run());
    String name = pipeline.id().toString();
    BacklogEndings endings = new BacklogEndings(name, place, book, graveyard);
    BacklogFeed feed =
        new BacklogFeed(
            place.id(), pipeline.signal(), deliverer, endings, retention.of(pipeline.id()));
    BacklogReader reader = new BacklogReader(place, deliverer, feed, reading, later);
    roomAgain.set(reader::roomAgain);
    if (place.pendingRecords() > 0) {
      LOG.info(
          "event=backlog_found pipeline={} records={} bytes={}",
          pipeline.id(),
          place.pendingRecords(),
          place.pendingBytes());
    }
    pipeline.postings().savedWith(place, book);
    return new Backlog(place, deliverer, endings, reader);
  }
}
