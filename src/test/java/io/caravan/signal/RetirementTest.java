/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.api.Delivery.Retry;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.journal.DiskFolder;
import io.caravan.journal.Journal;
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
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A deleted pipeline")
class RetirementTest {
  private static final PipelineId FIRST = new PipelineId(PipelineKind.TRACE, "shop");
  private static final PipelineId SECOND = new PipelineId(PipelineKind.TRACE, "shop", "2");
  private static final Answer DOWN =
      new Answer.Failed(new Outcome.RetryLater(OtlpStatus.of(GrpcCode.UNAVAILABLE, "down"), null));
  private static final Delivery QUICK =
      new Delivery(
          Delivery.DEFAULT.acknowledge(),
          Delivery.DEFAULT.buffer(),
          Delivery.DEFAULT.whenFull(),
          Delivery.DEFAULT.order(),
          new Retry(Duration.ofMillis(10), Duration.ofMillis(50)),
          Delivery.DEFAULT.onDelete(),
          Delivery.DEFAULT.retain(),
          Delivery.DEFAULT.holdInput());

  @TempDir Path data;

  private SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Map<PipelineId, List<Integer>> delivered = new ConcurrentHashMap<>();
  private final Map<PipelineId, Answer> backends = new ConcurrentHashMap<>();
  private Journal journal;
  private DeadLetters deadLetters;
  private Subscriptions subscriptions;

  @BeforeEach
  void open() throws IOException {
    meters = new SimpleMeterRegistry(); // as in another process
    journal =
        Journal.open(
            DiskFolder.at(data.resolve("journal")),
            JournalSettings.of(1 << 30).withFreePercent(0),
            JournalListener.NONE);
    deadLetters =
        DeadLetters.open(
            DiskFolder.at(data.resolve("dead-letters")),
            DeadLetterSettings.DEFAULT,
            DeadLetterListener.NONE);
    subscriptions =
        new Subscriptions(
            new FanOutSettings(Duration.ofSeconds(5), 1 << 20),
            new MemoryBudget(64 << 20),
            meters,
            journal,
            deadLetters);
  }

  @AfterEach
  void close() {
    subscriptions.stopDelivering(Duration.ofSeconds(1)).join();
    subscriptions.close();
    deadLetters.close();
    journal.close();
  }

  @Test
  void shouldTakeNothingAndDeliverWhatItHas() {
    backends.put(FIRST, DOWN);
    subscriptions.plan(Map.of(FIRST, QUICK));
    subscribe(FIRST);
    send(3);

    subscriptions.plan(Map.of(FIRST, QUICK), Map.of(FIRST, inAnHour()));

    assertThat(send(4))
        .isInstanceOfSatisfying(
            Reply.Declined.class,
            declined -> assertThat(declined.status().code()).isEqualTo(GrpcCode.UNIMPLEMENTED));
    assertThat(Objects.requireNonNull(subscriptions.remainders().get(FIRST)).records())
        .isEqualTo(3);
    backends.remove(FIRST);
    await().untilAsserted(() -> assertThat(delivered.get(FIRST)).containsExactly(3));
    await().untilAsserted(() -> assertThat(subscriptions.remainders()).isEmpty());
    assertThat(journal.find(FIRST.place())).isEmpty();
    assertThat(dropped()).isZero();
  }

  @Test
  void shouldDropAndCountWhatItHasNotDeliveredInItsTime() {
    backends.put(FIRST, DOWN);
    subscriptions.plan(Map.of(FIRST, QUICK));
    subscribe(FIRST);
    send(3);
    send(4);

    subscriptions.plan(
        Map.of(FIRST, QUICK), Map.of(FIRST, Instant.now().plus(Duration.ofMillis(300))));

    assertThat(Objects.requireNonNull(subscriptions.remainders().get(FIRST)).records())
        .isEqualTo(7);
    await().untilAsserted(() -> assertThat(subscriptions.remainders()).isEmpty());
    assertThat(journal.find(FIRST.place())).isEmpty();
    assertThat(dropped()).isEqualTo(7);
    assertThat(delivered).isEmpty();
  }

  @Test
  void shouldBeGoneAtOnceWhenItHasNothing() {
    subscriptions.plan(Map.of(FIRST, QUICK));
    subscribe(FIRST);

    subscriptions.plan(Map.of(FIRST, QUICK), Map.of(FIRST, inAnHour()));

    assertThat(subscriptions.remainders()).isEmpty();
    assertThat(journal.find(FIRST.place())).isEmpty();
  }

  @Test
  void shouldDeliverItsRestWhileAnotherOfItsNameBeginsEmpty() {
    backends.put(FIRST, DOWN);
    subscriptions.plan(Map.of(FIRST, QUICK));
    subscribe(FIRST);
    send(3);

    subscriptions.plan(Map.of(FIRST, QUICK, SECOND, QUICK), Map.of(FIRST, inAnHour()));
    subscribe(SECOND);
    send(5);

    await().untilAsserted(() -> assertThat(delivered.get(SECOND)).containsExactly(5));
    assertThat(Objects.requireNonNull(subscriptions.remainders().get(FIRST)).records())
        .isEqualTo(3);
    assertThat(subscriptions.oldest(SECOND)).as("of the name, as what waits").isPresent();
    backends.remove(FIRST);
    await().untilAsserted(() -> assertThat(delivered.get(FIRST)).containsExactly(3));
    await().untilAsserted(() -> assertThat(subscriptions.remainders()).isEmpty());
    assertThat(subscriptions.oldest(SECOND)).isEmpty();
    // What the name was known by goes on being counted.
    subscriptions.plan(Map.of(SECOND, QUICK));
    send(6);
    await().untilAsserted(() -> assertThat(records("delivered")).isEqualTo(14));
  }

  @Test
  void shouldGoOnAfterARestart() throws IOException {
    backends.put(FIRST, DOWN);
    subscriptions.plan(Map.of(FIRST, QUICK));
    subscribe(FIRST);
    send(3);
    subscriptions.plan(Map.of(FIRST, QUICK), Map.of(FIRST, inAnHour()));
    close();
    backends.remove(FIRST);

    open();
    subscriptions.plan(Map.of(FIRST, QUICK), Map.of(FIRST, inAnHour()));
    subscribe(FIRST);

    await().untilAsserted(() -> assertThat(delivered.get(FIRST)).containsExactly(3));
    await().untilAsserted(() -> assertThat(subscriptions.remainders()).isEmpty());
    assertThat(journal.places()).isEmpty();
  }

  @Test
  void shouldDropItsRestAfterARestartWithNothingThatDelivers() throws IOException {
    backends.put(FIRST, DOWN);
    subscriptions.plan(Map.of(FIRST, QUICK));
    subscribe(FIRST);
    send(3);
    close();

    open();
    subscriptions.plan(Map.of(FIRST, QUICK), Map.of(FIRST, Instant.now()));

    await().untilAsserted(() -> assertThat(subscriptions.remainders()).isEmpty());
    assertThat(journal.places()).isEmpty();
    assertThat(dropped()).isEqualTo(3);
  }

  @Test
  void shouldNotKeepWhatItRetainedForReplay() {
    Delivery retaining = retaining(Duration.ofHours(1));
    subscriptions.plan(Map.of(FIRST, retaining));
    subscribe(FIRST);
    send(3);
    await().untilAsserted(() -> assertThat(place(FIRST).pendingRecords()).isZero());
    assertThat(journal.retained().find(place(FIRST))).isPresent();
    Place place = place(FIRST);

    subscriptions.plan(Map.of(FIRST, retaining), Map.of(FIRST, inAnHour()));

    await().untilAsserted(() -> assertThat(subscriptions.remainders()).isEmpty());
    assertThat(journal.retained().find(place)).isEmpty();
  }

  private static Delivery retaining(Duration age) {
    return new Delivery(
        QUICK.acknowledge(),
        QUICK.buffer(),
        QUICK.whenFull(),
        QUICK.order(),
        QUICK.retry(),
        QUICK.onDelete(),
        Optional.of(new Delivery.Retain(Optional.of(age), Optional.empty())),
        QUICK.holdInput());
  }

  @Test
  void shouldBeItselfAgainWhenItsDeletionIsTakenBack() {
    backends.put(FIRST, DOWN);
    subscriptions.plan(Map.of(FIRST, QUICK));
    subscribe(FIRST);
    send(3);
    subscriptions.plan(Map.of(FIRST, QUICK), Map.of(FIRST, inAnHour()));

    subscriptions.plan(Map.of(FIRST, QUICK));
    backends.remove(FIRST);
    send(4);

    await().untilAsserted(() -> assertThat(place(FIRST).pendingRecords()).isZero());
    assertThat(
            Objects.requireNonNull(delivered.get(FIRST)).stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(7);
    assertThat(subscriptions.remainders()).isEmpty();
  }

  @Test
  void shouldNotLeaveBehindThatItKeptNothingBefore() {
    subscriptions.plan(Map.of(FIRST, QUICK.acknowledging(Acknowledge.DELIVERED)));
    subscribe(FIRST);

    subscriptions.plan(Map.of(FIRST, QUICK));
    send(3);

    await().untilAsserted(() -> assertThat(delivered.get(FIRST)).containsExactly(3));
    await().untilAsserted(() -> assertThat(place(FIRST).pendingRecords()).isZero());
  }

  private static Instant inAnHour() {
    return Instant.now().plus(Duration.ofHours(1));
  }

  private void subscribe(PipelineId id) {
    subscriptions.add(
        new Subscription(
            id,
            "v1",
            Selection.EVERYTHING,
            (batch, answer) -> {
              int records = batch.records();
              batch.release();
              Answer now = backends.getOrDefault(id, Answer.Taken.ALL);
              if (now instanceof Answer.Taken) {
                delivered.computeIfAbsent(id, _ -> new CopyOnWriteArrayList<>()).add(records);
              }
              answer.accept(now);
            }));
    assertThat(subscriptions.activate(id, "v1", Runnable::run)).isCompleted();
  }

  private Reply send(int spans) {
    OtlpBatch batch = TestBatches.spans(spans);
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    try {
      subscriptions.fanOut(Signal.TRACES).offer(batch, reply::complete);
    } finally {
      batch.release();
    }
    return reply.join();
  }

  private Place place(PipelineId id) {
    return journal.place(id.place());
  }

  private double dropped() {
    return meters
        .find("caravan.pipeline.records")
        .tags("pipeline", FIRST.toString(), "result", "dropped", "reason", "pipeline_deleted")
        .functionCounters()
        .stream()
        .mapToDouble(FunctionCounter::count)
        .sum();
  }

  private double records(String result) {
    return meters
        .find("caravan.pipeline.records")
        .tags("pipeline", FIRST.toString(), "result", result)
        .functionCounters()
        .stream()
        .mapToDouble(FunctionCounter::count)
        .sum();
  }
}
