/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Buffer;
import io.caravan.api.Delivery.Retry;
import io.caravan.api.Delivery.WhenFull;
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
import io.micrometer.core.instrument.search.MeterNotFoundException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What a pipeline has in the journal")
class BacklogTest {
  private static final PipelineId ID = new PipelineId(PipelineKind.TRACE, "kept");
  private static final OtlpStatus DOWN = OtlpStatus.of(GrpcCode.UNAVAILABLE, "down");
  private static final OtlpStatus BAD = OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "bad");
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
  private final ConcurrentLinkedQueue<Integer> delivered = new ConcurrentLinkedQueue<>();
  private volatile Answer backend = Answer.Taken.ALL;
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
  void closeBalanced() {
    assertThat(subscriptions.ledger().check()).isEmpty();
    close();
  }

  private void close() {
    subscriptions.stopDelivering(Duration.ofSeconds(1)).join();
    subscriptions.close();
    deadLetters.close();
    journal.close();
  }

  @Test
  void shouldAnswerOkWhenTheJournalHasTheBatchWhateverTheBackendSays() {
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    start(QUICK, Selection.EVERYTHING);

    assertThat(send(TestBatches.spans(3))).isInstanceOf(Reply.Taken.class);
    assertThat(place().pendingRecords()).isEqualTo(3);

    backend = Answer.Taken.ALL;
    await().untilAsserted(() -> assertThat(delivered).containsExactly(3));
    await().untilAsserted(() -> assertThat(place().pendingRecords()).isZero());
    await().untilAsserted(() -> assertThat(records("delivered", "")).isEqualTo(3));
  }

  @Test
  void shouldDeliverInOrderAndOnceWhatDidNotFitIntoMemory() {
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    start(QUICK, Selection.EVERYTHING);
    // Of one sender, each of another size, 100 MiB in all and 64 MiB of memory.
    List<Integer> sizes = IntStream.range(0, 400).map(i -> 16_000 + i).boxed().toList();
    sizes.forEach(size -> send(TestBatches.spans(size)));
    assertThat(place().pendingEntries()).isEqualTo(400);

    backend = Answer.Taken.ALL;

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(place().pendingRecords()).isZero());
    assertThat(List.copyOf(delivered)).isEqualTo(sizes);
    // And what comes now goes on behind it.
    send(TestBatches.spans(7));
    await().untilAsserted(() -> assertThat(delivered).last().isEqualTo(7));
  }

  @Test
  void shouldDeliverInOrderAndOnceWhatIsWrittenWhileItCatchesUp() {
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    start(QUICK, Selection.EVERYTHING);
    List<Integer> sizes = IntStream.range(0, 3_000).map(i -> 1_000 + i).boxed().toList();
    sizes.subList(0, 1_000).forEach(size -> send(TestBatches.spans(size)));

    backend = Answer.Taken.ALL;
    sizes.subList(1_000, 2_000).forEach(size -> send(TestBatches.spans(size)));
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    sizes.subList(2_000, 2_500).forEach(size -> send(TestBatches.spans(size)));
    backend = Answer.Taken.ALL;
    sizes.subList(2_500, 3_000).forEach(size -> send(TestBatches.spans(size)));

    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(place().pendingRecords()).isZero());
    // Several may have gone as one, so the sums say whether all came, and in order.
    assertThat(sums(sizes)).containsAll(sums(delivered)).last().isEqualTo(sum());
  }

  @Test
  void shouldGoOnWhereItStoodAfterARestart() throws IOException {
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    start(QUICK, new Selection(true, Set.of("shop"), Set.of()));
    send(TestBatches.spansOf("shop", "other", "shop"));
    send(TestBatches.spansOf("other", "shop"));
    close();

    backend = Answer.Taken.ALL;
    open();
    start(QUICK, Selection.EVERYTHING);

    // What it took then, not what it would take now; both in one portion, or one by one.
    await().untilAsserted(() -> assertThat(sum()).isEqualTo(3));
    await().untilAsserted(() -> assertThat(place().pendingRecords()).isZero());
  }

  @Test
  void shouldPutAsideWhatTheBackendRefusesForGood() {
    backend = new Answer.Failed(new Outcome.Refused(BAD));
    start(QUICK, Selection.EVERYTHING);

    send(TestBatches.spans(5));

    await().untilAsserted(() -> assertThat(place().pendingRecords()).isZero());
    assertThat(deadLetters.counts(ID.toString()).records()).isEqualTo(5);
    await()
        .ignoreException(MeterNotFoundException.class)
        .untilAsserted(() -> assertThat(records("dead_lettered", "invalid_argument")).isEqualTo(5));
  }

  @Test
  void shouldAskSendersToComeAgainWhenItsBufferIsFullAndSaySo() {
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    start(bounded(WhenFull.REFUSE), Selection.EVERYTHING);
    int size = size(100);
    List<Reply> replies = new ArrayList<>();
    for (int i = 0; i <= 4096 / size; i++) {
      replies.add(send(TestBatches.spans(100)));
    }

    assertThat(replies.getLast())
        .isInstanceOfSatisfying(
            Reply.Declined.class,
            declined -> {
              assertThat(declined.status().code()).isEqualTo(GrpcCode.UNAVAILABLE);
              assertThat(declined.status().retryAfter()).isNotNull();
            });
    await()
        .untilAsserted(
            () ->
                assertThat(Objects.requireNonNull(subscriptions.failures().get(ID)).message())
                    .contains("spec.delivery.buffer.size")
                    .contains(DOWN.message()));

    backend = Answer.Taken.ALL;
    await().untilAsserted(() -> assertThat(place().pendingRecords()).isZero());
    assertThat(send(TestBatches.spans(1))).isInstanceOf(Reply.Taken.class);
    await().untilAsserted(() -> assertThat(subscriptions.failures()).isEmpty());
  }

  @Test
  void shouldDropWhatIsNewAndCountItWhenItsBufferIsFull() {
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    start(bounded(WhenFull.DROP_NEWEST), Selection.EVERYTHING);
    int size = size(100);
    for (int i = 0; i <= 4096 / size; i++) {
      assertThat(send(TestBatches.spans(100))).isInstanceOf(Reply.Taken.class);
    }

    assertThat(records("dropped", "journal_full")).isEqualTo(100);
  }

  @Test
  void shouldDropTheOldestThatWaitsInMemoryWhenItsBufferIsFull() {
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, Duration.ofSeconds(60)));
    start(bounded(WhenFull.DROP_OLDEST), Selection.EVERYTHING);
    List<Integer> sizes = IntStream.range(0, 12).map(i -> 90 + i).boxed().toList();

    // Of one sender, in order: all that wait are with the deliverer.
    assertThat(sizes)
        .allSatisfy(
            size -> assertThat(send(TestBatches.spans(size))).isInstanceOf(Reply.Taken.class));

    assertThat(place().pendingBytes()).isBetween(1L, 4096L);
    assertThat(records("dropped", "journal_full")).isPositive();
    backend = Answer.Taken.ALL;
    subscriptions.add(new Subscription(ID, "v2", Selection.EVERYTHING, this::take));
    assertThat(subscriptions.activate(ID, "v2", Runnable::run)).isNotNull();
    await().untilAsserted(() -> assertThat(place().pendingRecords()).isZero());
    assertThat(sum() + records("dropped", "journal_full"))
        .isEqualTo(sizes.stream().mapToInt(Integer::intValue).sum());
  }

  @Test
  void shouldCountWhatAFullPipelineLosesWhenAnotherHasTakenIt() {
    PipelineId healthy = new PipelineId(PipelineKind.TRACE, "healthy");
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    subscriptions.plan(Map.of(ID, bounded(WhenFull.REFUSE), healthy, QUICK));
    subscribe(ID, Selection.EVERYTHING);
    subscribe(healthy, Selection.EVERYTHING);
    int size = size(100);
    for (int i = 0; i <= 4096 / size; i++) {
      assertThat(send(TestBatches.spans(100))).isInstanceOf(Reply.Taken.class);
    }

    assertThat(records("dropped", "journal_full")).isEqualTo(100);
    assertThat(meters.get("caravan.pipeline.queued.records").tag("pipeline", healthy.toString()))
        .satisfies(
            queued -> assertThat(queued.gauge().value()).isEqualTo(100.0 * (4096 / size + 1)));
  }

  @Test
  void shouldGoOnWithTheBacklogOfAPipelineThatComesBackInTime() {
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    start(QUICK, Selection.EVERYTHING);
    send(TestBatches.spans(3));
    subscriptions.plan(Map.of());

    backend = Answer.Taken.ALL;
    subscriptions.plan(Map.of(ID, QUICK));
    assertThat(subscriptions.activate(ID, "v1", Runnable::run)).isCompleted();

    await().untilAsserted(() -> assertThat(delivered).containsExactly(3));
  }

  @Test
  void shouldDropTheBacklogOfAPipelineThatDoesNotComeBack() {
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    start(onDelete(Duration.ofMillis(200)), Selection.EVERYTHING);
    send(TestBatches.spans(3));

    subscriptions.plan(Map.of());

    await().untilAsserted(() -> assertThat(journal.find(ID.toString())).isEmpty());
  }

  @Test
  void shouldPutAsideWhatGrewTooOldInTheJournal() {
    backend = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
    start(QUICK, Selection.EVERYTHING);
    send(TestBatches.spans(3));

    // A change of the settings holds for what waits already.
    subscriptions.plan(Map.of(ID, aged(Duration.ofMillis(50))));

    await()
        .untilAsserted(() -> assertThat(deadLetters.counts(ID.toString()).records()).isEqualTo(3));
    await().untilAsserted(() -> assertThat(place().pendingRecords()).isZero());
  }

  private static Delivery aged(Duration age) {
    return new Delivery(
        QUICK.acknowledge(),
        new Buffer(1 << 20, age),
        QUICK.whenFull(),
        QUICK.order(),
        QUICK.retry(),
        QUICK.onDelete(),
        QUICK.retain(),
        QUICK.holdInput());
  }

  private static Delivery onDelete(Duration onDelete) {
    return new Delivery(
        QUICK.acknowledge(),
        QUICK.buffer(),
        QUICK.whenFull(),
        QUICK.order(),
        QUICK.retry(),
        onDelete,
        QUICK.retain(),
        QUICK.holdInput());
  }

  private static Delivery bounded(WhenFull whenFull) {
    return new Delivery(
        QUICK.acknowledge(),
        new Buffer(4096, Duration.ofHours(1)),
        whenFull,
        QUICK.order(),
        QUICK.retry(),
        QUICK.onDelete(),
        QUICK.retain(),
        QUICK.holdInput());
  }

  private void start(Delivery delivery, Selection selection) {
    subscriptions.plan(Map.of(ID, delivery));
    subscribe(ID, selection);
  }

  private void subscribe(PipelineId id, Selection selection) {
    subscriptions.add(new Subscription(id, "v1", selection, this::take));
    assertThat(subscriptions.activate(id, "v1", Runnable::run)).isCompleted();
  }

  private void take(OtlpBatch batch, Consumer<Answer> answer) {
    int records = batch.records();
    batch.release();
    Answer now = backend;
    if (now instanceof Answer.Taken) {
      delivered.add(records);
    }
    answer.accept(now);
  }

  private Reply send(OtlpBatch batch) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    try {
      subscriptions.fanOut(Signal.TRACES).offer(batch, reply::complete);
    } finally {
      batch.release();
    }
    return reply.join();
  }

  private static int size(int spans) {
    OtlpBatch batch = TestBatches.spans(spans);
    try {
      return batch.size();
    } finally {
      batch.release();
    }
  }

  private Place place() {
    return journal.place(ID.toString());
  }

  private int sum() {
    return delivered.stream().mapToInt(Integer::intValue).sum();
  }

  /** After each. */
  private static List<Integer> sums(Collection<Integer> sizes) {
    List<Integer> sums = new ArrayList<>();
    int sum = 0;
    for (int size : sizes) {
      sum += size;
      sums.add(sum);
    }
    return sums;
  }

  private double records(String result, String reason) {
    return meters
        .get("caravan.pipeline.records")
        .tags("pipeline", ID.toString(), "result", result, "reason", reason)
        .functionCounter()
        .count();
  }
}
