/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.api.Delivery.WhenFull;
import io.caravan.api.DeliveryFailure;
import io.caravan.api.PipelineId;
import io.caravan.delivery.Deliverer;
import io.caravan.delivery.Timer;
import io.caravan.journal.Place;
import io.caravan.journal.Reservation;
import io.caravan.otlp.Lease;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Signal;
import io.caravan.signal.books.PipelinePostings;
import java.time.Instant;
import java.util.BitSet;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One planned pipeline of a signal, across its versions: whether and how it takes a batch, the
 * bytes that it may have on their way, and what became of its records. Thread-safe.
 */
final class SubscribedPipeline {
  private final PipelineId id;
  private final Signal signal;
  private final MemoryBudget budget;
  private final PipelineMeters meters;
  private final PipelinePostings postings;
  private final PipelineOutput output;
  private final Verdicts verdicts;
  private final Timer timer;
  private volatile Delivery settings = Delivery.DEFAULT;
  private volatile @Nullable Instant deliversUntil;
  private volatile @Nullable Backlog backlog;

  SubscribedPipeline(
      PipelineId id,
      MemoryBudget budget,
      PipelineMeters meters,
      PipelinePostings postings,
      Timer timer) {
    this.id = id;
    this.signal = Signal.valueOf(id.kind().signal().toUpperCase(Locale.ROOT));
    this.budget = budget;
    this.meters = meters;
    this.postings = postings;
    FailureLog failures = new FailureLog(id);
    this.output = new PipelineOutput(meters, failures);
    this.verdicts = new Verdicts(id, meters, postings, failures);
    this.timer = timer;
  }

  PipelineId id() {
    return id;
  }

  Signal signal() {
    return signal;
  }

  /** Where the pipeline's batches go. */
  PipelineOutput output() {
    return output;
  }

  Optional<DeliveryFailure> failure() {
    Backlog kept = backlog;
    return Optional.ofNullable(kept)
        .flatMap(Backlog::unreadable)
        .or(() -> verdicts.failure(output.failure()));
  }

  /** How its data is kept from now on. */
  void settings(Delivery next) {
    settings = next;
    Backlog kept = backlog;
    if (kept != null) {
      kept.place().limit(next.buffer().size());
    }
  }

  Delivery settings() {
    return settings;
  }

  /**
   * Whether the pipeline is deleted: then it takes nothing, and delivers what it has until this.
   */
  void deliversUntil(@Nullable Instant until) {
    deliversUntil = until;
  }

  Optional<Instant> deliversUntil() {
    return Optional.ofNullable(deliversUntil);
  }

  @Nullable Backlog backlog() {
    return backlog;
  }

  /** Gives the pipeline its place in the journal. Begins when a version is active. */
  void keepIn(Backlog place) {
    output.deliverWith(place.deliverer());
    place.place().limit(settings.buffer().size());
    backlog = place;
    place.readSoon();
  }

  /** Shared by those that have had its name, as the meters are. */
  MemoryBudget budget() {
    return budget;
  }

  PipelineMeters meters() {
    return meters;
  }

  PipelinePostings postings() {
    return postings;
  }

  void remove() {
    meters.remove();
  }

  /** Is asked whether it takes a batch, and answers, or takes it. */
  void offer(Offer offer) {
    OtlpBatch batch = offer.batch();
    Subscription subscription = deliversUntil == null ? output.active() : null;
    if (subscription == null) {
      verdicts.notRunning(batch, offer.answers());
      return;
    }
    BitSet resources = subscription.selection().resources(batch);
    if (resources != null && resources.isEmpty()) {
      verdicts.drop(subscription, batch, offer.answers());
      return;
    }
    OtlpBatch taken = resources == null ? batch.retain() : batch.select(resources::get);
    if (backlog == null || settings.acknowledge() == Acknowledge.DELIVERED) {
      offer.whenDelivered(this, taken, resources);
    } else {
      keep(taken, resources, offer);
    }
  }

  /**
   * Takes a batch, or a part of it, into the journal. Takes over a reference to it.
   *
   * @param resources those that it takes; null for all
   */
  void keep(OtlpBatch taken, @Nullable BitSet resources, Offer offer) {
    Backlog kept = backlog;
    JournalAppend append = offer.append();
    if (kept == null || append == null) {
      deliver(taken, offer);
      return;
    }
    Reservation reservation = tryReserve(kept.place(), taken.size());
    if (isFull(reservation) && settings.whenFull() == WhenFull.DROP_OLDEST) {
      kept.makeRoom(taken.size());
      reservation = tryReserve(kept.place(), taken.size());
    }
    if (reservation == Reservation.REMOVED) {
      taken.release();
      verdicts.notRunning(offer.batch(), offer.answers());
      return;
    }
    if (reservation == Reservation.GRANTED) {
      boolean durable = settings.acknowledge() != Acknowledge.MEMORY;
      append.take(this, kept.place(), taken, resources, durable);
      return;
    }
    verdicts.full(reservation, settings.whenFull(), taken, offer.answers());
    taken.release();
  }

  private static boolean isFull(Reservation reservation) {
    return reservation != Reservation.GRANTED && reservation != Reservation.REMOVED;
  }

  /** Asks for the bytes of a batch in its place; a deleted pipeline's takes nothing any more. */
  Reservation tryReserve(Place place, long bytes) {
    Reservation reservation = place.tryReserve(bytes);
    // Asked behind the reservation: either this or whoever ends the place sees the other.
    if (reservation == Reservation.GRANTED && deliversUntil != null) {
      place.release(bytes);
      return Reservation.REMOVED;
    }
    return reservation;
  }

  /** Delivers a batch while its sender waits. Takes over a reference to it. */
  void deliver(OtlpBatch taken, Offer offer) {
    // What is shared is pinned whole, so a part of a batch counts as the whole batch.
    long pinned = offer.batch().footprint();
    Deliverer to = output.deliverer();
    int records = taken.records();
    long bytes = taken.size();
    if (to == null || !budget.tryAcquire(pinned)) {
      taken.release();
      verdicts.answered(records, bytes, new Answer.Full(), offer.answers());
      return;
    }
    Lease lease = offer.lease().retain();
    Runnable letGo =
        () -> {
          budget.release(pinned);
          lease.release();
        };
    new DirectDelivery(
            to,
            taken,
            offer,
            answer -> verdicts.answered(records, bytes, answer, offer.answers()),
            letGo)
        .begin(timer, offer.deadline());
  }

  /** A batch that it has taken is in the journal. */
  void kept() {
    verdicts.kept();
  }

  /** A batch that it was to take could not be written. */
  void notWritten(int records, long bytes, Outcome.RetryLater outcome, Answers answers) {
    verdicts.notWritten(records, bytes, outcome, answers);
  }
}
