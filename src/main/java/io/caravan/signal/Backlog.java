/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.delivery.Deliverer;
import io.caravan.journal.Place;
import io.caravan.journal.Portion;
import io.caravan.journal.Receipt;
import io.caravan.journal.StoredRecord;
import io.caravan.otlp.OtlpBatch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one pipeline has in the journal and has not delivered.
 *
 * <p>While the deliverer keeps up, it gets the batches from memory as they are written. As soon as
 * it has no room, the pipeline is behind: what follows stays in the journal and is read from there,
 * in order, when there is room again, until nothing is left to read. Thread-safe.
 */
final class Backlog {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");
  private static final int READ_BYTES = 4 << 20;

  private final Place place;
  private final Deliverer deliverer;
  private final BacklogEndings endings;
  private final BacklogFeed feed;
  private final Executor reading;
  private final Later later;

  // Guarded by this.
  /** Everything before was offered; where reading goes on. */
  private long next;

  /** Nothing is left to read: the deliverer gets what is written as it is written. */
  private boolean following;

  /** A task of this backlog reads, or is about to. */
  private boolean underWay;

  /** The deliverer had no room, and has not said since that it has. */
  private boolean blocked;

  private boolean writtenSince;
  private boolean roomSince;

  Backlog(
      Place place,
      Deliverer deliverer,
      BacklogEndings endings,
      BacklogFeed feed,
      Executor reading,
      Later later) {
    this.place = place;
    this.deliverer = deliverer;
    this.endings = endings;
    this.feed = feed;
    this.reading = reading;
    this.later = later;
    this.next = place.oldest();
  }

  /**
   * A record that was written: called in the order of the journal, by one thread at a time. Takes
   * over a reference to the batch, which is what the pipeline takes of it.
   */
  void written(Receipt receipt, OtlpBatch batch, long sender, long time) {
    boolean follows;
    synchronized (this) {
      if (receipt.position() < next) {
        batch.release();
        return; // it has been read from the journal already
      }
      follows = following;
      writtenSince = true;
      roomSince &= !follows;
    }
    if (follows && feed.offer(batch, sender, time, receipt)) {
      return;
    }
    batch.release();
    if (follows) {
      synchronized (this) {
        following = false;
        next = receipt.position();
        blocked = !roomSince;
      }
    }
    readSoon();
  }

  /** The deliverer, which had none, has room. */
  void roomAgain() {
    synchronized (this) {
      roomSince = true;
      blocked = false;
    }
    readSoon();
  }

  /** Reads what there is, unless that is under way or there is no room for it. */
  void readSoon() {
    synchronized (this) {
      if (following || underWay || blocked) {
        return;
      }
      underWay = true;
    }
    execute(this::read);
  }

  private void execute(Runnable task) {
    try {
      reading.execute(task);
    } catch (RejectedExecutionException _) {
      // The node is being closed: what was not read stays in the journal.
    }
  }

  /** Offers one portion, so that the pipelines take turns on the threads that read. */
  private void read() {
    long from;
    synchronized (this) {
      from = next;
      writtenSince = false;
      roomSince = false;
    }
    boolean offered;
    try {
      offered = offerAll(place.read(from, READ_BYTES));
    } catch (IOException e) {
      LOG.warn(
          "event=journal_unreadable pipeline={} error=\"{}\" action=\"tried again in 1 s\"",
          place.id(),
          e.toString());
      later.run(this::readAgain, Duration.ofSeconds(1));
      return;
    }
    synchronized (this) {
      blocked = !offered && !roomSince;
      following = offered && !writtenSince && next == place.end();
      underWay = !blocked && !following;
      if (!underWay) {
        return;
      }
    }
    execute(this::read);
  }

  private void readAgain() {
    execute(this::read);
  }

  /** False if the deliverer has no room; it says when it has. */
  private boolean offerAll(Portion portion) {
    List<StoredRecord> records = portion.records();
    for (int i = 0; i < records.size(); i++) {
      if (!feed.offer(records.get(i))) {
        records.subList(i + 1, records.size()).forEach(record -> record.payload().release());
        goOnAt(records.get(i).position());
        return false;
      }
    }
    goOnAt(portion.next());
    return true;
  }

  private synchronized void goOnAt(long position) {
    next = position;
  }

  /**
   * Gives up the oldest that it has and that is not under way, at least so many bytes if there are
   * as many: at once what is with the deliverer, which is older, and soon what is in the journal
   * alone.
   */
  void makeRoom(long bytes) {
    long freed = deliverer.displace(bytes);
    if (freed < bytes) {
      execute(() -> dropOldest(bytes - freed));
    }
  }

  private void dropOldest(long bytes) {
    long freed = 0;
    long from;
    synchronized (this) {
      if (following || underWay) {
        return;
      }
      underWay = true;
      from = next;
    }
    try {
      while (freed < bytes && from != place.end()) {
        Portion portion = place.read(from, READ_BYTES);
        freed += feed.displace(portion.records());
        from = portion.next();
      }
    } catch (IOException e) {
      LOG.warn("event=journal_unreadable pipeline={} error=\"{}\"", place.id(), e.toString());
    }
    synchronized (this) {
      next = from;
      underWay = false;
    }
    readSoon();
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
