/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.DeliveryFailure;
import io.caravan.delivery.Deliverer;
import io.caravan.journal.Place;
import io.caravan.journal.Portion;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers one pipeline's records to its deliverer, each once and in the order of the journal.
 *
 * <p>While the deliverer keeps up, it gets the batches from memory as they are written. As soon as
 * it has no room, the pipeline is behind: what follows stays in the journal and is read from there,
 * in order, when there is room again, until nothing is left to read. What is written during the
 * last of that is kept in a {@link LastStretch}. Thread-safe.
 */
final class BacklogReader {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");
  private static final int READ_BYTES = 4 << 20;
  private static final int LEAST_READ_BYTES = 256 << 10;

  private final Place place;
  private final Deliverer deliverer;
  private final BacklogFeed feed;
  private final Executor reading;
  private final Later later;
  private final Unreadable unreadable;

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

  /** There while little is left to read, and until what it has was offered. */
  private @Nullable LastStretch stretch;

  BacklogReader(Place place, Deliverer deliverer, BacklogFeed feed, Executor reading, Later later) {
    this.place = place;
    this.deliverer = deliverer;
    this.feed = feed;
    this.reading = reading;
    this.later = later;
    this.unreadable = new Unreadable(place.id());
    this.next = place.oldest();
  }

  /**
   * A record that was written: called in the order of the journal, by one thread at a time. Takes
   * over the reference to the batch.
   */
  void written(Arrival arrival) {
    boolean follows;
    synchronized (this) {
      if (arrival.position() < next) {
        arrival.batch().release();
        return; // it has been read from the journal already
      }
      follows = following;
      writtenSince = true;
      roomSince &= !follows;
      if (stretch != null && stretch.add(arrival)) {
        return;
      }
    }
    if (follows && feed.offer(arrival)) {
      return;
    }
    arrival.batch().release();
    if (follows) {
      synchronized (this) {
        following = false;
        next = arrival.position();
        blocked = !roomSince;
      }
    }
    readSoon();
  }

  /** Why what waits cannot be read; empty if it can. */
  Optional<DeliveryFailure> unreadable() {
    return unreadable.failure();
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
      synchronized (this) {
        endStretch();
      }
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
    int bytes = Math.clamp(deliverer.room(), LEAST_READ_BYTES, READ_BYTES);
    boolean offered;
    boolean all;
    try {
      Portion portion = place.read(from, bytes);
      offered = offerAll(portion);
      all = offered && portion.all();
      unreadable.readable();
    } catch (IOException e) {
      unreadable.failed(e);
      synchronized (this) {
        endStretch();
      }
      later.run(this::readAgain, Duration.ofSeconds(1));
      return;
    }
    boolean caughtUp = false;
    synchronized (this) {
      blocked = !offered && !roomSince;
      following = offered && !writtenSince && next == place.end();
      underWay = !blocked && !following;
      if (!offered || following) {
        endStretch();
      } else if (stretch != null) {
        caughtUp = stretch.isReached(next);
      } else if (all) {
        stretch = new LastStretch(bytes);
      }
      if (!underWay) {
        return;
      }
    }
    execute(caughtUp ? this::offerStretch : this::read);
  }

  /** Everything before was read and offered; then it follows, or reads on behind it. */
  private void offerStretch() {
    Optional<Arrival> arrival = pollStretch();
    while (arrival.isPresent()) {
      if (!feed.offer(arrival.get())) {
        arrival.get().batch().release();
        boolean again;
        synchronized (this) {
          endStretch();
          blocked = !roomSince;
          underWay = roomSince;
          again = underWay;
        }
        if (again) {
          execute(this::read);
        }
        return;
      }
      arrival = pollStretch();
    }
    boolean follows;
    synchronized (this) {
      follows = following;
    }
    if (!follows) {
      execute(this::read);
    }
  }

  /** Empty at its end, and then it is decided how to go on. */
  private synchronized Optional<Arrival> pollStretch() {
    if (stretch == null) {
      return Optional.empty();
    }
    Optional<Arrival> arrival = stretch.poll(next);
    roomSince = false;
    if (arrival.isPresent()) {
      next = arrival.get().position();
    } else {
      following = stretch.left() == Long.MAX_VALUE;
      underWay = !following;
      next = following ? next : Math.max(next, stretch.left());
      endStretch();
    }
    return arrival;
  }

  /** What it has will be read, or was. Under the lock. */
  private void endStretch() {
    if (stretch != null) {
      stretch.release();
      stretch = null;
    }
  }

  private void readAgain() {
    execute(this::read);
  }

  /** False if the deliverer has no room; it says when it has. */
  private boolean offerAll(Portion portion) {
    OptionalLong refused = feed.offer(portion.records());
    goOnAt(refused.orElse(portion.next()));
    return refused.isEmpty();
  }

  private synchronized void goOnAt(long position) {
    next = position;
  }

  /**
   * Gives up the oldest that is in the journal alone, at least so many bytes if there are as many.
   */
  void dropOldest(long bytes) {
    execute(() -> drop(bytes));
  }

  private void drop(long bytes) {
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
}
