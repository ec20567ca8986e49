/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.api.Remainder;
import io.caravan.delivery.DeliverySettings;
import io.caravan.delivery.WheelTimer;
import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.journal.Receipt;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.otlp.Lease;
import io.caravan.otlp.OtlpBatch;
import io.caravan.signal.books.PlaceBooks;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The backlogs of all pipelines in one journal. Thread-safe. */
final class Backlogs {
  private static final int READERS = 2;

  private record Kept(Backlog backlog, DeliverySettings settings, Duration onDelete) {}

  private final Journal journal;
  private final HashedWheelTimer wheel;
  private final BacklogSettings delivering;
  private final Handover handover = new Handover();
  private final ExecutorService reading =
      Executors.newFixedThreadPool(READERS, new DefaultThreadFactory("journal-reader", true));
  private final Map<PipelineId, Kept> kept = new ConcurrentHashMap<>();
  private final Retention retention;
  private final Retirements retirements = new Retirements();
  private final BacklogOpener opener;
  private final OrphanedPlaces orphans;
  private final ExpectedRests expected = new ExpectedRests();
  private boolean begun;

  Backlogs(
      Journal journal,
      DeadLetters deadLetters,
      HashedWheelTimer wheel,
      BacklogSettings delivering,
      PlaceBooks books,
      MeterRegistry registry) {
    this.journal = journal;
    this.wheel = wheel;
    this.retention = new Retention(journal, reading, this::later, registry);
    this.delivering = delivering;
    this.orphans = new OrphanedPlaces(journal, books);
    this.opener =
        new BacklogOpener(
            journal,
            books,
            new Graveyard(deadLetters, this::later),
            retention,
            new WheelTimer(wheel),
            reading,
            this::later);
  }

  JournalAppend append(OtlpBatch batch, Lease lease, Answers answers) {
    return new JournalAppend(journal, this, handover.here(), batch, lease, answers);
  }

  /**
   * A pipeline's batch is in the journal; takes over a reference to it. Goes to the backlog that
   * the pipeline has now, which may not be the one that it had when the batch came.
   */
  void written(PipelineId id, Receipt receipt, OtlpBatch batch, long sender, long time) {
    Kept now = kept.get(id);
    if (now == null) {
      batch.release();
    } else {
      now.backlog.written(receipt, batch, sender, time);
    }
  }

  /**
   * What puts records into a pipeline's backlog again.
   *
   * @param source whose they were
   */
  Readmission readmission(SubscribedPipeline pipeline, Readmission.Source source)
      throws ReplayRefusedException {
    Backlog backlog = pipeline.backlog();
    if (backlog == null) {
      throw new ReplayRefusedException(
          "%s has no place in the journal to replay into".formatted(pipeline.id()));
    }
    Optional<Retained> keeps =
        switch (source) {
          case NOT_RETAINED -> retention.find(pipeline.id());
          case RETAINED_THERE -> Optional.empty();
        };
    Place place = backlog.place();
    return new Readmission(
        journal, this, pipeline, place, bytes -> pipeline.tryReserve(place, bytes), keeps);
  }

  /**
   * What puts records of another process into a pipeline's backlog; empty if it has none. A deleted
   * pipeline has one after the next {@link #plan} if its rest is {@link #expect}ed.
   */
  synchronized Optional<Readmission> adoption(SubscribedPipeline pipeline) {
    return Optional.ofNullable(kept.get(pipeline.id()))
        .map(each -> each.backlog.place())
        .map(
            place ->
                new Readmission(
                    journal,
                    this,
                    pipeline,
                    place,
                    // What is expected holds the place; else it may be removed at any time.
                    expected.has(pipeline.id())
                        ? place::tryReserve
                        : bytes -> pipeline.tryReserve(place, bytes),
                    retention.find(pipeline.id())));
  }

  /** Something of a deleted pipeline is to come; it does not end before its time. */
  synchronized void expect(PipelineId id) {
    expected.add(id);
  }

  /** All of it that one journal had has come. */
  void expectNoMore(PipelineId id) {
    expected.remove(id);
  }

  /** What pipelines keep of what they have delivered. */
  Retention retention() {
    return retention;
  }

  /** Gives each pipeline that keeps data, or has kept some, its backlog. */
  synchronized void plan(Collection<SubscribedPipeline> pipelines) {
    Map<PipelineId, Kept> gone = new HashMap<>(kept);
    for (SubscribedPipeline pipeline : pipelines) {
      gone.remove(pipeline.id());
      plan(pipeline, pipelines.size());
    }
    gone.forEach(this::leave);
    if (!begun) {
      begun = true;
      Set<String> planned =
          pipelines.stream().map(each -> each.id().place()).collect(Collectors.toSet());
      journal.places().stream()
          .filter(place -> !planned.contains(place.id()))
          .forEach(place -> forget(place.id(), Delivery.DEFAULT.onDelete()));
    }
  }

  private void plan(SubscribedPipeline pipeline, int pipelines) {
    if (pipeline.deliversUntil().isEmpty() && retirements.cancel(pipeline.id())) {
      // Its backlog may have been closed already; another goes on where it stood.
      close(kept.remove(pipeline.id()));
    }
    Kept before = kept.get(pipeline.id());
    Delivery delivery = pipeline.settings();
    DeliverySettings settings = delivering.of(delivery, pipelines);
    if (before == null && keeps(pipeline)) {
      begin(pipeline, settings, delivery.onDelete());
    } else if (before != null) {
      if (!before.settings.equals(settings)) {
        before.backlog.deliverer().change(settings);
      }
      kept.put(pipeline.id(), new Kept(before.backlog, settings, delivery.onDelete()));
    }
    Kept now = kept.get(pipeline.id());
    if (now != null) {
      retention.plan(pipeline.id(), now.backlog.place(), delivery.retain());
    }
    pipeline.deliversUntil().ifPresent(until -> retire(pipeline.id(), until));
  }

  private boolean keeps(SubscribedPipeline pipeline) {
    return journal.find(pipeline.id().place()).isPresent()
        || pipeline.deliversUntil().isEmpty()
        || expected.has(pipeline.id());
  }

  private void retire(PipelineId id, Instant until) {
    Kept now = kept.get(id);
    if (now == null || retirements.has(id)) {
      return;
    }
    retirements.add(
        id,
        new Retirement(
            id,
            now.backlog,
            now.backlog.endings(),
            until,
            reading,
            this::later,
            () -> expected.has(id),
            () -> retired(id, now.backlog, until)));
  }

  private synchronized void retired(PipelineId id, Backlog over, Instant until) {
    Kept now = kept.get(id);
    if (now != null && now.backlog == over) {
      if (expected.has(id) && Instant.now().isBefore(until)) {
        retirements.remove(id);
        retire(id, until); // more has been announced just when it was empty
        return;
      }
      close(kept.remove(id));
      retention.forget(id);
      orphans.remove(over.place());
      retirements.remove(id);
    }
  }

  /** What deleted pipelines still have to deliver. */
  SortedMap<PipelineId, Remainder> remainders() {
    return retirements.remainders();
  }

  private static void close(@Nullable Kept gone) {
    if (gone != null) {
      CompletableFuture<Void> _ = gone.backlog.close(BacklogSettings.ATTEMPT);
    }
  }

  private void begin(SubscribedPipeline pipeline, DeliverySettings settings, Duration onDelete) {
    Backlog backlog = opener.open(pipeline, settings);
    kept.put(pipeline.id(), new Kept(backlog, settings, onDelete));
    pipeline.keepIn(backlog);
  }

  private void leave(PipelineId id, Kept gone) {
    retirements.cancel(id);
    retention.forget(id);
    kept.remove(id);
    close(gone);
    forget(id.place(), gone.onDelete);
  }

  /** Drops what a pipeline that is gone has left, unless it comes back before. */
  private void forget(String place, Duration after) {
    orphans.found(place, after);
    later(() -> forgetNow(place), after);
  }

  private synchronized void forgetNow(String place) {
    if (kept.keySet().stream().noneMatch(each -> each.place().equals(place))) {
      orphans.drop(place);
    }
  }

  /** How many records wait for delivery, of each pipeline that has some. */
  SortedMap<PipelineId, Long> waiting() {
    SortedMap<PipelineId, Long> waiting = new TreeMap<>();
    kept.forEach(
        (id, each) -> {
          if (each.backlog.place().pendingEntries() > 0) {
            waiting.put(id, each.backlog.place().pendingRecords());
          }
        });
    return waiting;
  }

  /** When what waits longest was accepted; reads files. */
  Optional<Instant> oldest(PipelineId id) {
    return kept.entrySet().stream()
        .filter(each -> each.getKey().sharesName(id))
        .flatMap(each -> each.getValue().backlog.oldest().stream())
        .min(Comparator.naturalOrder());
  }

  private void later(Runnable task, Duration after) {
    wheel.newTimeout(_ -> task.run(), after.toMillis(), TimeUnit.MILLISECONDS);
  }

  synchronized CompletableFuture<Void> close(Duration deadline) {
    return CompletableFuture.allOf(
            kept.values().stream()
                .map(each -> each.backlog.close(deadline))
                .toArray(CompletableFuture[]::new))
        .whenComplete(
            (_, _) -> {
              reading.shutdown();
              handover.close();
            });
  }
}
