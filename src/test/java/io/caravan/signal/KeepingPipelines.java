/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Retry;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.journal.DiskFolder;
import io.caravan.journal.Journal;
import io.caravan.journal.JournalFolder;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.journal.Place;
import io.caravan.journal.deadletters.DeadLetterListener;
import io.caravan.journal.deadletters.DeadLetterSettings;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Reply;
import io.caravan.otlp.Signal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Function;

/** Pipelines of traces with a journal and dead letters on a disk, and a backend for each. */
final class KeepingPipelines implements AutoCloseable {
  static final Answer UP = Answer.Taken.ALL;
  static final Answer DOWN =
      new Answer.Failed(new Outcome.RetryLater(OtlpStatus.of(GrpcCode.UNAVAILABLE, "down"), null));
  static final Answer REFUSES =
      new Answer.Failed(new Outcome.Refused(OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "bad")));

  static final Delivery QUICK =
      new Delivery(
          Delivery.DEFAULT.acknowledge(),
          Delivery.DEFAULT.buffer(),
          Delivery.DEFAULT.whenFull(),
          Delivery.DEFAULT.order(),
          new Retry(Duration.ofMillis(10), Duration.ofMillis(50)),
          Delivery.DEFAULT.onDelete(),
          Delivery.DEFAULT.retain(),
          Delivery.DEFAULT.holdInput());

  private final Path data;
  private final JournalFolder folder;
  private final JournalSettings settings;
  private final JournalListener listener;
  private final Map<PipelineId, Delivery> planned = new TreeMap<>();
  private final Map<PipelineId, Function<OtlpBatch, Answer>> answers = new ConcurrentHashMap<>();
  private final Map<PipelineId, Queue<Integer>> arrived = new ConcurrentHashMap<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Journal journal;
  private DeadLetters deadLetters;
  private Subscriptions subscriptions;

  KeepingPipelines(Path data) {
    this(data, JournalSettings.of(1 << 30).withFreePercent(0));
  }

  KeepingPipelines(Path data, JournalSettings settings) {
    this(data, settings, JournalListener.NONE);
  }

  KeepingPipelines(Path data, JournalSettings settings, JournalListener listener) {
    this(data, onDisk(data), settings, listener);
  }

  /** With a journal in another folder. */
  KeepingPipelines(
      Path data, JournalFolder folder, JournalSettings settings, JournalListener listener) {
    this.data = data;
    this.folder = folder;
    this.settings = settings;
    this.listener = listener;
    openJournal();
    openPipelines();
  }

  static PipelineId id(String name) {
    return new PipelineId(PipelineKind.TRACE, name);
  }

  private static JournalFolder onDisk(Path data) {
    try {
      return DiskFolder.at(data.resolve("journal"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void openJournal() {
    try {
      journal = Journal.open(folder, settings, listener);
      deadLetters =
          DeadLetters.open(
              DiskFolder.at(data.resolve("dead-letters")),
              DeadLetterSettings.DEFAULT,
              DeadLetterListener.NONE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void openPipelines() {
    subscriptions =
        new Subscriptions(
            new FanOutSettings(Duration.ofSeconds(5), 1 << 20),
            new MemoryBudget(64 << 20),
            meters,
            journal,
            deadLetters);
  }

  /** Ends all and begins anew on what is on the disk. */
  void restart() {
    close();
    openJournal();
    begin();
  }

  /** All that were there, on a journal that was opened again. */
  void begin() {
    openPipelines();
    subscriptions.plan(planned);
    planned.keySet().forEach(this::subscribe);
  }

  /** A pipeline from now on, or its other settings. */
  void plan(String name, Delivery delivery) {
    boolean known = planned.put(id(name), delivery) != null;
    subscriptions.plan(planned);
    if (!known) {
      answers.putIfAbsent(id(name), _ -> UP);
      subscribe(id(name));
    }
  }

  private void subscribe(PipelineId id) {
    subscriptions.add(
        new Subscription(
            id, "v1", Selection.EVERYTHING, (batch, answer) -> take(id, batch, answer)));
    assertThat(subscriptions.activate(id, "v1", Runnable::run)).isCompleted();
  }

  private void take(PipelineId id, OtlpBatch batch, Consumer<Answer> answer) {
    Answer now = answers.getOrDefault(id, _ -> UP).apply(batch);
    if (now instanceof Answer.Taken) {
      arrived.computeIfAbsent(id, _ -> new ConcurrentLinkedQueue<>()).add(batch.records());
    }
    batch.release();
    answer.accept(now);
  }

  /** How the backend of a pipeline answers from now on. */
  void backend(String name, Answer answer) {
    backend(name, _ -> answer);
  }

  /** How the backend of a pipeline answers to each batch, which is borrowed, from now on. */
  void backend(String name, Function<OtlpBatch, Answer> answer) {
    answers.put(id(name), answer);
  }

  /** The records that the backend of a pipeline has taken, each as often as it came. */
  int arrived(String name) {
    return arrived.getOrDefault(id(name), new ConcurrentLinkedQueue<>()).stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  /** Sends a batch, whose reference goes with it, to all pipelines. */
  Reply send(OtlpBatch batch) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    try {
      subscriptions.fanOut(Signal.TRACES).offer(batch, reply::complete);
    } finally {
      batch.release();
    }
    return reply.join();
  }

  Place place(String name) {
    return journal.place(id(name).toString());
  }

  /** Returns when nothing waits any more. */
  void awaitDelivered(String name) {
    await().untilAsserted(() -> assertThat(place(name).pendingEntries()).isZero());
  }

  Journal journal() {
    return journal;
  }

  DeadLetters deadLetters() {
    return deadLetters;
  }

  long deadRecords(String name) {
    return deadLetters.counts(id(name).toString()).records();
  }

  Subscriptions subscriptions() {
    return subscriptions;
  }

  Replays replays() {
    return subscriptions.replays().orElseThrow();
  }

  /** Waits until a replay has ended. */
  ReplayProgress awaitEnd(long replay) {
    await().until(() -> replays().progress(replay).orElseThrow().state().ended());
    return replays().progress(replay).orElseThrow();
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  /** Ends all, after a look whether the ledger is in balance. */
  @Override
  public void close() {
    assertThat(subscriptions.ledger().check()).isEmpty();
    subscriptions.stopDelivering(Duration.ofSeconds(1)).join();
    subscriptions.close();
    deadLetters.close();
    journal.close();
  }
}
