/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.api.Delivery.Buffer;
import io.caravan.api.Delivery.Order;
import io.caravan.api.Delivery.Retry;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.journal.DiskFolder;
import io.caravan.journal.Journal;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.journal.deadletters.DeadLetterListener;
import io.caravan.journal.deadletters.DeadLetterSettings;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Reply;
import io.caravan.otlp.SenderDeadline;
import io.caravan.otlp.Signal;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("acknowledge: delivered")
class DeliveredTest {
  private static final PipelineId ID = id("audit");
  private static final PipelineId OTHER = id("other");
  private static final OtlpStatus DOWN = OtlpStatus.of(GrpcCode.UNAVAILABLE, "down");
  private static final OtlpStatus BAD = OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "bad");
  private static final OtlpStatus BIG = OtlpStatus.of(GrpcCode.RESOURCE_EXHAUSTED, "big");
  private static final Answer LATER = new Answer.Failed(new Outcome.RetryLater(DOWN, null));
  private static final Delivery DISK = quick(Acknowledge.DISK);
  private static final Delivery DELIVERED = quick(Acknowledge.DELIVERED);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path data;

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final MemoryBudget memory = new MemoryBudget(64 << 20);
  private final Backend backend = new Backend();
  private final Backend otherBackend = new Backend();
  private Journal journal;
  private DeadLetters deadLetters;
  private Subscriptions subscriptions;

  /** Answers what it is told, and nothing while it holds. */
  private static final class Backend implements Intake {
    final List<Integer> attempts = new CopyOnWriteArrayList<>();
    final List<Consumer<Answer>> held = new CopyOnWriteArrayList<>();
    private final List<Answer> first = new CopyOnWriteArrayList<>();
    volatile Answer answer = Answer.Taken.ALL;
    volatile boolean holds;
    volatile int largest = Integer.MAX_VALUE;

    @Override
    public void take(OtlpBatch batch, Consumer<Answer> told) {
      int records = batch.records();
      batch.release();
      attempts.add(records);
      if (holds) {
        held.add(told);
      } else if (records > largest) {
        told.accept(new Answer.Failed(new Outcome.TooLarge(BIG)));
      } else {
        told.accept(first.isEmpty() ? answer : first.removeFirst());
      }
    }

    void firstAnswers(Answer... answers) {
      first.addAll(List.of(answers));
    }
  }

  @BeforeEach
  void open() throws IOException {
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
            new FanOutSettings(Duration.ofSeconds(5), 1 << 16),
            memory,
            meters,
            journal,
            deadLetters);
  }

  @AfterEach
  void close() {
    backend.held.forEach(told -> told.accept(LATER));
    subscriptions.stopDelivering(Duration.ofMillis(100)).join();
    await().untilAsserted(() -> assertThat(memory.used()).isZero());
    assertThat(subscriptions.ledger().check()).isEmpty();
    subscriptions.close();
    deadLetters.close();
    journal.close();
  }

  @Test
  void shouldAnswerOkOnlyWhenTheBackendHasTheBatch() {
    backend.holds = true;
    start(DELIVERED);

    CompletableFuture<Reply> reply = send(TestBatches.spans(3), LONG);
    assertThat(backend.attempts).containsExactly(3);
    assertThat(reply).isNotDone();
    backend.held.removeFirst().accept(Answer.Taken.ALL);

    assertThat(reply).isCompletedWithValue(Reply.Taken.WHOLLY);
    assertThat(records("delivered", "")).isEqualTo(3);
    assertThat(journal.place(ID.toString()).pendingRecords()).isZero();
  }

  @Test
  void shouldTryAgainWhatMayPassWithoutTheSendersDoing() {
    backend.firstAnswers(LATER, LATER);
    start(DELIVERED);

    assertThat(send(TestBatches.spans(3), LONG).join()).isEqualTo(Reply.Taken.WHOLLY);
    assertThat(backend.attempts).containsExactly(3, 3, 3);
  }

  @Test
  void g11ShouldPassOnWhatTheBackendRejected() {
    backend.answer = new Answer.Taken(new Reply.Taken(2, "too old"));
    start(DELIVERED);

    assertThat(send(TestBatches.spans(5), LONG).join()).isEqualTo(new Reply.Taken(2, "too old"));
    assertThat(records("delivered", "")).isEqualTo(3);
    assertThat(records("dropped", "rejected")).isEqualTo(2);
  }

  @Test
  void shouldTellTheSenderWhatIsRefusedForGoodAndKeepNoDeadLetter() {
    backend.answer = new Answer.Failed(new Outcome.Refused(BAD));
    start(DELIVERED);

    assertThat(send(TestBatches.spans(5), LONG).join()).isEqualTo(new Reply.Declined(BAD));
    assertThat(backend.attempts).hasSize(1);
    assertThat(deadLetters.counts(ID.toString()).records()).isZero();
    assertThat(refused("invalid_argument")).isEqualTo(5);
  }

  @Test
  void shouldDivideWhatIsTooLargeAndAnswerForTheWhole() {
    backend.largest = 3;
    start(DELIVERED);

    assertThat(send(TestBatches.spans(8), LONG).join()).isEqualTo(Reply.Taken.WHOLLY);
    assertThat(records("delivered", "")).isEqualTo(8);
  }

  @Test
  void shouldAnswerAPartialSuccessWhenOnlySomePartsAreRefused() {
    backend.largest = 4;
    backend.firstAnswers(Answer.Taken.ALL, new Answer.Failed(new Outcome.Refused(BAD)));
    start(DELIVERED);

    assertThat(send(TestBatches.spans(8), LONG).join()).isEqualTo(new Reply.Taken(4, "bad"));
    assertThat(records("delivered", "")).isEqualTo(4);
    assertThat(records("dropped", "rejected")).isEqualTo(4);
  }

  @Test
  void shouldAnswerDeadlineExceededAndNotTryAgainWhatNobodyWaitsFor() {
    backend.holds = true;
    start(DELIVERED);

    Reply reply = send(TestBatches.spans(3), SHORT).join();

    assertThat(status(reply).code()).isEqualTo(GrpcCode.DEADLINE_EXCEEDED);
    assertThat(status(reply).retryAfter()).isNotNull();
    assertThat(refused("deadline")).isEqualTo(3);
    // The attempt was under way: when it fails there is no other.
    backend.holds = false;
    backend.held.removeFirst().accept(LATER);
    assertThat(send(TestBatches.spans(2), LONG).join()).isEqualTo(Reply.Taken.WHOLLY);
    assertThat(backend.attempts).containsExactly(3, 2);
  }

  @Test
  void shouldWithdrawWhatHasNotBegunWhenItsDeadlinePasses() {
    backend.holds = true;
    start(DELIVERED);
    CompletableFuture<Reply> first = send(TestBatches.spans(3), LONG);

    Reply second = send(TestBatches.spans(2), SHORT).join();

    assertThat(status(second).code()).isEqualTo(GrpcCode.DEADLINE_EXCEEDED);
    backend.holds = false;
    backend.held.removeFirst().accept(Answer.Taken.ALL);
    assertThat(first).isCompletedWithValue(Reply.Taken.WHOLLY);
    assertThat(backend.attempts).containsExactly(3);
  }

  @Test
  void g14ShouldCallOffWhatASenderSentThatWentAway() {
    backend.holds = true;
    start(DELIVERED);
    CompletableFuture<Reply> first = send(TestBatches.spans(3), LONG);
    SenderDeadline impatient = SenderDeadline.in(LONG);
    CompletableFuture<Reply> second = send(TestBatches.spans(2), impatient);

    impatient.gone();

    assertThat(status(second.join()).code()).isEqualTo(GrpcCode.DEADLINE_EXCEEDED);
    backend.held.removeFirst().accept(Answer.Taken.ALL);
    assertThat(first).isCompletedWithValue(Reply.Taken.WHOLLY);
    assertThat(backend.attempts).containsExactly(3);
  }

  @Test
  void shouldTellSendersAtOnceWhenTheBackendIsDeadAndRecoverByItself() {
    backend.answer = LATER;
    start(DELIVERED);
    // Until the breaker opens, which these retries see to.
    assertThat(status(send(TestBatches.spans(1), LONG).join()).code())
        .isEqualTo(GrpcCode.UNAVAILABLE);

    int tried = backend.attempts.size();
    long begun = System.nanoTime();
    Reply second = send(TestBatches.spans(1), LONG).join();

    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
    assertThat(status(second).code()).isEqualTo(GrpcCode.UNAVAILABLE);
    assertThat(status(second).retryAfter()).isNotNull();
    assertThat(backend.attempts.size() - tried).isLessThanOrEqualTo(1);
    backend.answer = Answer.Taken.ALL;
    await()
        .untilAsserted(
            () ->
                assertThat(send(TestBatches.spans(1), LONG).join()).isEqualTo(Reply.Taken.WHOLLY));
  }

  @Test
  void shouldTellSendersAtOnceThatTheBackendAsksForMoreTimeThanTheyHave() {
    backend.answer = new Answer.Failed(new Outcome.RetryLater(DOWN, Duration.ofSeconds(60)));
    start(DELIVERED);

    for (int i = 0; i < 2; i++) {
      OtlpStatus told = status(send(TestBatches.spans(1), LONG).join());
      assertThat(told.code()).isEqualTo(GrpcCode.UNAVAILABLE);
      assertThat(told.retryAfter()).isBetween(Duration.ofSeconds(55), Duration.ofSeconds(60));
    }
    assertThat(backend.attempts).hasSize(1);
  }

  @Test
  void shouldAskSendersToComeAgainWhileAsManyBytesWaitAsMay() {
    backend.holds = true;
    start(DELIVERED);
    List<CompletableFuture<Reply>> replies = new ArrayList<>();
    while (replies.isEmpty() || !replies.getLast().isDone()) {
      replies.add(send(TestBatches.spans(100), LONG));
    }

    assertThat(status(replies.removeLast().join()).code()).isEqualTo(GrpcCode.UNAVAILABLE);
    backend.holds = false;
    backend.held.removeFirst().accept(Answer.Taken.ALL);
    assertThat(replies).allSatisfy(each -> assertThat(each.join()).isEqualTo(Reply.Taken.WHOLLY));
  }

  @Test
  void shouldTellTheSendersThatWaitWhenThePipelineStops() throws Exception {
    backend.holds = true;
    start(DELIVERED);
    CompletableFuture<Reply> underWay = send(TestBatches.spans(1), LONG);
    CompletableFuture<Reply> waiting = send(TestBatches.spans(1), LONG);

    CompletableFuture<Void> stopped = subscriptions.deactivate(ID);

    assertThat(status(waiting.get(1, TimeUnit.SECONDS)).code()).isEqualTo(GrpcCode.UNAVAILABLE);
    backend.held.removeFirst().accept(Answer.Taken.ALL);
    assertThat(underWay).isCompletedWithValue(Reply.Taken.WHOLLY);
    assertThat(stopped).isCompleted();
  }

  @Test
  void shouldNotTryAgainWhileTheProcessStops() {
    Outcome inFive = new Outcome.RetryLater(DOWN, Duration.ofSeconds(5));
    backend.answer = new Answer.Failed(inFive);
    start(DELIVERED);
    CompletableFuture<Reply> waiting = send(TestBatches.spans(1), LONG);
    assertThat(waiting).isNotDone();

    subscriptions.stopSoon();

    assertThat(status(waiting.join()).code()).isEqualTo(GrpcCode.UNAVAILABLE);
    assertThat(status(send(TestBatches.spans(1), LONG).join()).code())
        .isEqualTo(GrpcCode.UNAVAILABLE);
    assertThat(backend.attempts).hasSize(1);
  }

  @Test
  void shouldTakeItIntoTheJournalWhereAnotherPipelineTakesItToo() {
    backend.answer = LATER;
    start(Map.of(ID, DELIVERED, OTHER, DISK));

    // The other one has it, so its sender cannot be told to come again.
    assertThat(send(TestBatches.spans(3), SHORT).join()).isEqualTo(Reply.Taken.WHOLLY);
    await().untilAsserted(() -> assertThat(otherBackend.attempts).containsExactly(3));
    assertThat(journal.place(ID.toString()).pendingRecords()).isEqualTo(3);

    backend.answer = Answer.Taken.ALL;
    await().untilAsserted(() -> assertThat(records("delivered", "")).isEqualTo(3));
    assertThat(journal.place(ID.toString()).pendingRecords()).isZero();
    assertThat(otherBackend.attempts).containsExactly(3);
  }

  @Test
  void shouldTakeItIntoTheJournalWhereTwoPipelinesWouldHaveTheSenderWait() {
    backend.answer = LATER;
    start(Map.of(ID, DELIVERED, OTHER, DELIVERED));

    assertThat(send(TestBatches.spans(3), SHORT).join()).isEqualTo(Reply.Taken.WHOLLY);

    backend.answer = Answer.Taken.ALL;
    await().untilAsserted(() -> assertThat(records("delivered", "")).isEqualTo(3));
    await().untilAsserted(() -> assertThat(otherBackend.attempts).containsExactly(3));
  }

  @Test
  void shouldHaveTheSenderWaitWhereTheOtherPipelineTakesOtherNamespaces() {
    subscriptions.plan(Map.of(ID, DELIVERED, OTHER, DISK));
    subscribe(ID, Selection.EVERYTHING, backend);
    subscribe(OTHER, new Selection(true, Set.of("shop"), Set.of()), backend);
    backend.holds = true;

    CompletableFuture<Reply> reply = send(TestBatches.spansOf("billing"), LONG);

    assertThat(reply).isNotDone();
    backend.held.removeFirst().accept(Answer.Taken.ALL);
    assertThat(reply).isCompletedWithValue(Reply.Taken.WHOLLY);
  }

  @Test
  void shouldGoOnWithWhatIsInTheJournalWhenItsLevelBecomesDelivered() {
    backend.answer = LATER;
    start(DISK);
    assertThat(send(TestBatches.spans(3), LONG).join()).isEqualTo(Reply.Taken.WHOLLY);

    subscriptions.plan(Map.of(ID, DELIVERED));
    backend.answer = Answer.Taken.ALL;

    await().untilAsserted(() -> assertThat(records("delivered", "")).isEqualTo(3));
    assertThat(send(TestBatches.spans(2), LONG).join()).isEqualTo(Reply.Taken.WHOLLY);
    assertThat(records("delivered", "")).isEqualTo(5);
  }

  private static PipelineId id(String name) {
    return new PipelineId(PipelineKind.TRACE, name);
  }

  private static Delivery quick(Acknowledge acknowledge) {
    return new Delivery(
        acknowledge,
        new Buffer(1 << 20, Duration.ofHours(1)),
        Delivery.DEFAULT.whenFull(),
        Order.SENDER,
        new Retry(Duration.ofMillis(10), Duration.ofMillis(500)),
        Delivery.DEFAULT.onDelete(),
        Delivery.DEFAULT.retain(),
        Delivery.DEFAULT.holdInput());
  }

  private void start(Delivery delivery) {
    start(Map.of(ID, delivery));
  }

  private void start(Map<PipelineId, Delivery> plan) {
    subscriptions.plan(plan);
    plan.keySet()
        .forEach(id -> subscribe(id, Selection.EVERYTHING, id.equals(ID) ? backend : otherBackend));
  }

  private void subscribe(PipelineId id, Selection selection, Intake intake) {
    subscriptions.add(new Subscription(id, "v1", selection, intake));
    assertThat(subscriptions.activate(id, "v1", Runnable::run)).isCompleted();
  }

  private CompletableFuture<Reply> send(OtlpBatch batch, Duration waits) {
    return send(batch, SenderDeadline.in(waits));
  }

  private CompletableFuture<Reply> send(OtlpBatch batch, SenderDeadline deadline) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    try {
      subscriptions.fanOut(Signal.TRACES).offer(batch, deadline, reply::complete);
    } finally {
      batch.release();
    }
    return reply;
  }

  private static OtlpStatus status(Reply reply) {
    assertThat(reply).isInstanceOf(Reply.Declined.class);
    return ((Reply.Declined) reply).status();
  }

  private double records(String result, String reason) {
    FunctionCounter counter =
        meters
            .find("caravan.pipeline.records")
            .tags("pipeline", ID.toString(), "result", result, "reason", reason)
            .functionCounter();
    return counter == null ? 0 : counter.count();
  }

  private double refused(String reason) {
    return meters
        .get("caravan.pipeline.refused.records")
        .tags("pipeline", ID.toString(), "reason", reason)
        .counter()
        .count();
  }
}
