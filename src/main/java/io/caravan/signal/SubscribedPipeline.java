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
import io.caravan.delivery.Output;
import io.caravan.journal.Place;
import io.caravan.journal.Reservation;
import io.caravan.otlp.Lease;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One planned pipeline of a signal, across its versions: the version that takes batches now, the
 * bytes that the pipeline may have on their way, and what became of its records. Thread-safe.
 */
final class SubscribedPipeline {
  private static final Outcome NOT_RUNNING =
      new Outcome.RetryLater(
          Answers.unavailable("the pipeline is not running yet", Duration.ofSeconds(1)), null);

  /** What holds where nobody said anything: the sender hears what the backend says. */
  private static final Delivery DIRECT = Delivery.DEFAULT.acknowledging(Acknowledge.DELIVERED);

  private final PipelineId id;
  private final MemoryBudget budget;
  private final PipelineMeters meters;
  private final PipelinePostings postings;
  private final FailureLog failures;
  private final KeepingFailure keeping;
  private final Attempt.Timer timer;
  private final Duration timeout;
  private final AtomicReference<@Nullable Subscription> active = new AtomicReference<>();
  private volatile Delivery settings = DIRECT;
  private volatile @Nullable Instant deliversUntil;
  private final Set<Runnable> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Backlog backlog;

  SubscribedPipeline(
      PipelineId id,
      MemoryBudget budget,
      PipelineMeters meters,
      PipelinePostings postings,
      Attempt.Timer timer,
      Duration timeout) {
    this.id = id;
    this.budget = budget;
    this.meters = meters;
    this.postings = postings;
    this.failures = new FailureLog(id);
    this.keeping = new KeepingFailure(id);
    this.timer = timer;
    this.timeout = timeout;
  }

  PipelineId id() {
    return id;
  }

  Optional<DeliveryFailure> failure() {
    Backlog kept = backlog;
    return keeping
        .failure()
        .or(failures::failure)
        .or(() -> kept == null ? Optional.empty() : kept.deliverer().state().failure());
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
    if (active.get() == null) {
      place.deliverer().pause();
    }
    place.place().limit(settings.buffer().size());
    backlog = place;
    place.readSoon();
  }

  PipelinePostings postings() {
    return postings;
  }

  /** No version waits any more for attempts that nobody waits for. */
  void abandonAttempts() {
    open.forEach(Runnable::run);
  }

  /** A connector that delivers to whatever version is active. */
  RouteConnector connector() {
    return new RouteConnector(this::enter, this::attempted, open);
  }

  private void attempted(Outcome outcome) {
    if (outcome instanceof Outcome.Delivered) {
      failures.recovered();
    } else {
      failures.failed(outcome);
      meters.failedAttempt(outcome);
    }
  }

  /**
   * From now on every batch goes to this version; what the version before it has begun, it ends.
   * The result completes when it has.
   */
  CompletableFuture<Void> switchTo(Subscription next, Executor runsIntake) {
    next.open(runsIntake);
    Subscription old = active.getAndSet(next);
    Backlog kept = backlog;
    if (kept != null && old != next) {
      // Another backend, perhaps: what failed at the one before says nothing of it.
      kept.deliverer().switchTo(new Output(connector(), Runnable::run));
      kept.deliverer().resume();
    }
    return retire(old, next);
  }

  /** From now on no version takes batches. */
  CompletableFuture<Void> stop() {
    pause();
    return retire(active.getAndSet(null), null);
  }

  /** Stops this very version, if it is the active one. */
  void stop(Subscription subscription) {
    if (active.compareAndSet(subscription, null)) {
      pause();
      CompletableFuture<Void> _ = subscription.retire();
    }
  }

  /** Without a version that is active, no attempt could but fail. */
  private void pause() {
    Backlog kept = backlog;
    if (kept != null) {
      kept.deliverer().pause();
    }
  }

  void remove() {
    meters.remove();
  }

  /**
   * Offers a batch, borrowed for the time of the call. The answer comes from any thread; where the
   * batch is to be kept first, after {@code append} was committed.
   */
  void offer(OtlpBatch batch, Lease lease, Answers answers, @Nullable JournalAppend append) {
    if (deliversUntil != null) {
      notRunning(batch, answers);
      return;
    }
    Backlog kept = backlog;
    if (append == null || kept == null || settings.acknowledge() == Acknowledge.DELIVERED) {
      offer(batch, lease, answers);
    } else {
      keep(batch, kept, answers, append);
    }
  }

  private void keep(OtlpBatch batch, Backlog kept, Answers answers, JournalAppend append) {
    Subscription subscription = active.get();
    if (subscription == null) {
      notRunning(batch, answers);
      return;
    }
    BitSet resources = subscription.selection().resources(batch);
    if (resources != null && resources.isEmpty()) {
      drop(subscription, batch, answers);
      return;
    }
    OtlpBatch taken = resources == null ? batch.retain() : batch.select(resources::get);
    Reservation reservation = tryReserve(kept.place(), taken.size());
    if (reservation == Reservation.REMOVED) {
      taken.release();
      notRunning(batch, answers);
      return;
    }
    if (reservation == Reservation.GRANTED) {
      append.take(this, kept.place(), taken, resources, settings.acknowledge() == Acknowledge.DISK);
      return;
    }
    full(kept, reservation, taken, answers);
    taken.release();
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

  private void full(Backlog kept, Reservation reservation, OtlpBatch batch, Answers answers) {
    int records = batch.records();
    long bytes = batch.size();
    String reason = Answer.Dropped.JOURNAL_FULL.reason();
    keeping.full(reservation);
    if (settings.whenFull() == WhenFull.DROP_NEWEST) {
      postings.dropped(reason, records, bytes);
      answers.answer(id, Answer.Dropped.JOURNAL_FULL);
      return;
    }
    if (settings.whenFull() == WhenFull.DROP_OLDEST) {
      kept.makeRoom(bytes);
    }
    answers.untaken(id, new Answer.Full(), untaken(reason, records, bytes));
  }

  /** What becomes of records that the pipeline has not taken. */
  private Untaken untaken(String reason, long records, long bytes) {
    return new Untaken() {
      @Override
      public void refused() {
        meters.refused(reason, records);
      }

      @Override
      public void lost() {
        postings.dropped(reason, records, bytes);
      }
    };
  }

  /** A batch that it has taken is in the journal. */
  void kept() {
    keeping.kept();
  }

  /** A batch that it was to take could not be written. */
  void notWritten(int records, long bytes, Outcome.RetryLater outcome, Answers answers) {
    keeping.notWritten(outcome);
    answers.untaken(id, new Answer.Failed(outcome), untaken("journal_failed", records, bytes));
  }

  private void notRunning(OtlpBatch batch, Answers answers) {
    answers.untaken(
        id, new Answer.Failed(NOT_RUNNING), untaken("not_running", batch.records(), batch.size()));
  }

  /** Hands a batch to the route at once; the backend's answer is the pipeline's. */
  private void offer(OtlpBatch batch, Lease lease, Answers answers) {
    Subscription subscription = enter();
    if (subscription == null) {
      notRunning(batch, answers);
      return;
    }
    OtlpBatch selected = subscription.selection().select(batch);
    if (selected.resources() == 0) {
      selected.release();
      subscription.leave();
      drop(subscription, batch, answers);
      return;
    }
    // What is shared is pinned whole, so a part of a batch counts as the whole batch.
    long pinned = batch.footprint();
    int records = selected.records();
    long bytes = selected.size();
    if (!budget.tryAcquire(pinned)) {
      selected.release();
      subscription.leave();
      failures.full();
      answers.untaken(id, new Answer.Full(), untaken("in_flight_full", records, bytes));
      return;
    }
    lease.retain();
    Runnable letGo =
        () -> {
          budget.release(pinned);
          lease.release();
          subscription.leave();
        };
    new Attempt(meters, answer -> answered(records, bytes, answer, answers), letGo)
        .start(subscription, selected, timer, timeout);
  }

  private void drop(Subscription subscription, OtlpBatch batch, Answers answers) {
    Answer.Dropped dropped =
        subscription.selection().enabled()
            ? Answer.Dropped.NOT_SELECTED
            : Answer.Dropped.INPUT_DISABLED;
    meters.unselected(dropped.reason(), batch.records());
    answers.answer(id, dropped);
  }

  private void answered(int records, long bytes, Answer answer, Answers answers) {
    switch (answer) {
      case Answer.Taken(Reply.Taken reply) -> {
        failures.recovered();
        postings.delivered(records, bytes, Math.toIntExact(Math.min(reply.rejected(), records)));
        answers.answer(id, answer);
      }
      case Answer.Failed(Outcome outcome) -> {
        failures.failed(outcome);
        meters.failedAttempt(outcome);
        String reason = PipelineMeters.reason(outcome);
        answers.untaken(id, answer, untaken(reason, records, bytes));
      }
      case Answer.Full _ -> {
        failures.full();
        answers.untaken(id, answer, untaken("in_flight_full", records, bytes));
      }
      case Answer.Dropped(String reason) -> {
        postings.dropped(reason, records, bytes);
        answers.answer(id, answer);
      }
    }
  }

  /** The active version with one batch let in, or null if there is none. */
  private @Nullable Subscription enter() {
    Subscription current = active.get();
    while (current != null && !current.enter()) {
      Subscription next = active.get();
      // Retired, and nothing has taken its place yet: it is being stopped.
      current = next == current ? null : next;
    }
    return current;
  }

  private static CompletableFuture<Void> retire(
      @Nullable Subscription old, @Nullable Subscription next) {
    return old == null || old == next ? CompletableFuture.completedFuture(null) : old.retire();
  }
}
