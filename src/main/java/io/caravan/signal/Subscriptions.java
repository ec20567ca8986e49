/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.Delivery;
import io.caravan.api.DeliveryFailure;
import io.caravan.api.OutcomeRule;
import io.caravan.api.PipelineFlow;
import io.caravan.api.PipelineId;
import io.caravan.api.Remainder;
import io.caravan.api.RetainedAmount;
import io.caravan.delivery.WheelTimer;
import io.caravan.journal.Journal;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.observe.ledger.Ledger;
import io.caravan.observe.ledger.LedgerCheck;
import io.caravan.otlp.Lease;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import io.caravan.signal.books.DroppedLetters;
import io.caravan.signal.books.LedgerRounds;
import io.caravan.signal.books.PlaceBooks;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which pipelines are planned, and which version of each takes the batches: one registry for a
 * Camel context. Thread-safe; a batch sees either the registry before a change or after it.
 *
 * <p>A route's consumer makes its subscription known when it starts and takes it back when it
 * stops; in between whoever loads the routes activates it.
 */
public final class Subscriptions implements AutoCloseable {
  private record Key(PipelineId pipeline, String digest) {}

  private final MeterRegistry registry;
  private final MemoryBudget nodeBudget;
  private final HashedWheelTimer wheel;
  private final LedgerRounds rounds;
  private final PlaceBooks books;
  private final @Nullable Backlogs backlogs;
  private final @Nullable Replays replays;
  private final MemoryDeliveries memory;
  private final PlannedPipelines planned;
  private final Map<Key, Subscription> known = new ConcurrentHashMap<>();

  /**
   * @param journal where the pipelines' data is kept
   * @param deadLetters where goes what no backend takes. If one of the two is null nothing is kept,
   *     and each sender hears what the backend says
   */
  Subscriptions(
      FanOutSettings settings,
      MemoryBudget nodeBudget,
      MeterRegistry registry,
      @Nullable Journal journal,
      @Nullable DeadLetters deadLetters) {
    this.registry = registry;
    this.nodeBudget = nodeBudget;
    // One thread for all attempts of all pipelines; 100 ms is near enough for a bound of seconds.
    this.wheel =
        new HashedWheelTimer(
            new DefaultThreadFactory("caravan-attempt-timer", true), 100, TimeUnit.MILLISECONDS);
    this.rounds = new LedgerRounds(registry, this::plannedNames, this::later);
    this.planned = new PlannedPipelines(settings, registry, rounds.ledger(), new WheelTimer(wheel));
    rounds.begin();
    this.books = new PlaceBooks(rounds.ledger());
    this.backlogs =
        journal == null || deadLetters == null
            ? null
            : new Backlogs(
                journal,
                deadLetters,
                wheel,
                new BacklogSettings(nodeBudget, settings.attemptTimeout()),
                books,
                registry);
    this.replays = deadLetters == null ? null : new Replays(this, deadLetters);
    this.memory = new MemoryDeliveries(settings, new WheelTimer(wheel));
    Gauge.builder("caravan.in.flight.bytes", nodeBudget, MemoryBudget::used)
        .description("Bytes of requests that are arriving or on their way through the node")
        .register(registry);
  }

  FanOut fanOut(Signal signal) {
    return new FanOut(signal, this, nodeBudget, registry);
  }

  /**
   * What a batch is written with for all pipelines that keep it; null where there is no journal.
   */
  @Nullable JournalAppend append(OtlpBatch batch, Lease lease, Answers answers) {
    return backlogs == null ? null : backlogs.append(batch, lease, answers);
  }

  List<SubscribedPipeline> of(Signal signal) {
    return planned.of(signal);
  }

  /** Makes a started route's subscription known; it takes nothing before it is activated. */
  public void add(Subscription subscription) {
    Subscription before =
        known.putIfAbsent(new Key(subscription.pipeline(), subscription.digest()), subscription);
    if (before != null) {
      throw new IllegalStateException(
          "a route of %s with digest %s is running already"
              .formatted(subscription.pipeline(), subscription.digest()));
    }
  }

  /** Takes a stopping route's subscription back, also when it was active. */
  public synchronized void remove(Subscription subscription) {
    known.remove(new Key(subscription.pipeline(), subscription.digest()), subscription);
    SubscribedPipeline pipeline = planned.find(subscription.pipeline());
    if (pipeline != null) {
      pipeline.output().stop(subscription);
    }
  }

  /**
   * Says which pipelines there are to be, whether they run or not, and how each keeps its data. A
   * pipeline that is gone takes nothing from now on.
   */
  public void plan(Map<PipelineId, Delivery> pipelines) {
    plan(pipelines, Map.of());
  }

  /**
   * The same where some of the pipelines are deleted: they take nothing from now on, and deliver
   * what they have until the time given; what is left then is dropped and counted. A deleted
   * pipeline has no place in the journal any more when it is not among the {@link #remainders}.
   */
  public synchronized void plan(
      Map<PipelineId, Delivery> pipelines, Map<PipelineId, Instant> deliverUntil) {
    planned.plan(pipelines, deliverUntil);
    if (backlogs == null) {
      memory.plan(planned.all());
    } else {
      backlogs.plan(planned.all());
    }
    planned.publish();
  }

  /** Moves a planned pipeline to another version, whose connector declares no outcomes. */
  public CompletableFuture<Void> activate(PipelineId id, String digest, Executor runsIntake) {
    return activate(id, digest, runsIntake, List.of());
  }

  /**
   * Moves a planned pipeline to another version in one step.
   *
   * @param runsIntake runs the route; {@code Runnable::run} keeps the sender's thread, which a
   *     route that blocks must not hold
   * @param outcomes what the route's connector declares of its failures
   * @return completes when the version before has ended all that it had begun
   * @throws IllegalStateException if no started route has that digest, or the pipeline is not
   *     planned
   */
  public synchronized CompletableFuture<Void> activate(
      PipelineId id, String digest, Executor runsIntake, List<OutcomeRule> outcomes) {
    Subscription next = known.get(new Key(id, digest));
    SubscribedPipeline pipeline = planned.find(id);
    if (next == null || pipeline == null) {
      throw new IllegalStateException(
          "%s has no started route with digest %s".formatted(id, digest));
    }
    next.outcomes(outcomes);
    return pipeline.output().switchTo(next, runsIntake);
  }

  /** Stops a pipeline, which stays planned. Completes when it has ended all that it had begun. */
  public synchronized CompletableFuture<Void> deactivate(PipelineId id) {
    SubscribedPipeline pipeline = planned.find(id);
    return pipeline == null ? CompletableFuture.completedFuture(null) : pipeline.output().stop();
  }

  /** The pipelines that do not deliver at the moment. */
  public synchronized SortedMap<PipelineId, DeliveryFailure> failures() {
    return planned.failures();
  }

  /** What deleted pipelines have not delivered yet, of those that have something. */
  public SortedMap<PipelineId, Remainder> remainders() {
    return backlogs == null ? new TreeMap<>() : backlogs.remainders();
  }

  /** How many records wait for delivery, of each pipeline that has some. */
  public SortedMap<PipelineId, Long> waiting() {
    return backlogs == null ? new TreeMap<>() : backlogs.waiting();
  }

  /** What became of all records that the pipelines have taken. */
  public Ledger ledger() {
    return rounds.ledger();
  }

  /** Dead letters are there no longer, which the ledger is to know. */
  public void deadLettersDropped(DroppedLetters dropped) {
    books.deadLettersDropped(dropped);
  }

  /**
   * When what waits longest for delivery was accepted; as in the book, that of deleted pipelines of
   * the name counts too. Reads files.
   */
  public Optional<Instant> oldest(PipelineId id) {
    return backlogs == null ? Optional.empty() : backlogs.oldest(id);
  }

  /** What becomes of the records of pipelines that are not deleted. Reads files. */
  public SortedMap<PipelineId, PipelineFlow> flows() {
    return PipelineFlows.of(live(), rounds.ledger());
  }

  private synchronized List<SubscribedPipeline> live() {
    return planned.all().stream().filter(each -> each.deliversUntil().isEmpty()).toList();
  }

  /** The check of the ledger that runs every minute. */
  public LedgerCheck ledgerCheck() {
    return rounds.check();
  }

  private synchronized Set<PipelineId> plannedNames() {
    return planned.names();
  }

  /** The bytes of requests that are on their way through the node. */
  public long inFlightBytes() {
    return nodeBudget.used();
  }

  /** How many routes have made a subscription known, active or not. */
  public int known() {
    return known.size();
  }

  /** What pipelines have delivered and keep for replay; without those that are to keep nothing. */
  public SortedMap<PipelineId, RetainedAmount> retained() {
    return backlogs == null ? new TreeMap<>() : backlogs.retention().amounts();
  }

  /** The replays of this process; empty where nothing is kept. */
  public Optional<Replays> replays() {
    return backlogs == null ? Optional.empty() : Optional.ofNullable(replays);
  }

  /** The planned pipeline of an id's text that is not deleted. */
  synchronized SubscribedPipeline pipeline(String id) throws ReplayRefusedException {
    return planned.live(id);
  }

  /**
   * Takes over what is left in the journal of a process that has ended.
   *
   * @param planAgain has the same plan applied again: a deleted pipeline whose rest is there needs
   *     its routes
   * @throws IllegalStateException where nothing is kept
   */
  public Adoption adoption(Journal orphan, Runnable planAgain) {
    return new Adoption(orphan, backlogs(), this::planned, planAgain);
  }

  private synchronized Optional<SubscribedPipeline> planned(PipelineId id) {
    return Optional.ofNullable(planned.find(id));
  }

  /** The backlogs of those that keep data; there are some where there are {@link #replays}. */
  Backlogs backlogs() {
    if (backlogs == null) {
      throw new IllegalStateException("nothing is kept here");
    }
    return backlogs;
  }

  /**
   * Begins no delivery any more; what is under way may end until then. What is left stays in the
   * journal.
   */
  public CompletableFuture<Void> stopDelivering(Duration deadline) {
    replays().ifPresent(Replays::close);
    CompletableFuture<Void> closed =
        backlogs == null ? memory.close(deadline) : backlogs.close(deadline);
    return closed.whenComplete((_, _) -> abandonAttempts());
  }

  /** Senders that wait for a backend hear of its next failure, which nobody tries to mend. */
  public synchronized void stopSoon() {
    planned.all().forEach(pipeline -> pipeline.output().stopSoon());
  }

  private synchronized void abandonAttempts() {
    planned.all().forEach(pipeline -> pipeline.output().abandonAttempts());
  }

  @Override
  public void close() {
    wheel.stop();
  }

  private void later(Runnable task, Duration after) {
    wheel.newTimeout(_ -> task.run(), after.toMillis(), TimeUnit.MILLISECONDS);
  }
}
