/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.api.Delivery;
import io.caravan.api.DeliveryFailure;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Reply;
import io.caravan.otlp.SenderDeadline;
import io.caravan.otlp.Signal;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FanOutTest {
  private static final Duration TIMEOUT = Duration.ofMillis(200);
  private static final Duration IMPATIENT = Duration.ofMillis(50);
  private static final OtlpStatus DOWN = OtlpStatus.of(GrpcCode.UNAVAILABLE, "down");
  private static final OtlpStatus BAD = OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "bad");

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Subscriptions subscriptions =
      new Subscriptions(
          new FanOutSettings(TIMEOUT, 1 << 16), new MemoryBudget(1 << 20), meters, null, null);
  private final FanOut fanOut = subscriptions.fanOut(Signal.TRACES);
  private final List<PipelineId> planned = new ArrayList<>();

  @AfterEach
  void nothingIsInFlight() {
    await().untilAsserted(() -> assertThat(subscriptions.inFlightBytes()).isZero());
    assertThat(subscriptions.ledger().check()).isEmpty();
    subscriptions.close();
  }

  @Test
  void shouldAnswerUnimplementedWhenThePlanHoldsNoPipelineOfTheSignal() {
    assertThat(send(TestBatches.spans(1)))
        .hasValueSatisfying(
            status -> {
              assertThat(status.code()).isEqualTo(GrpcCode.UNIMPLEMENTED);
              assertThat(status.retryAfter()).isNull();
            });
  }

  @Test
  void shouldAskTheSenderToTryAgainWhileThePlannedPipelineDoesNotRun() {
    subscriptions.plan(Map.of(id("loading"), Delivery.DEFAULT));

    assertThat(send(TestBatches.spans(3))).hasValueSatisfying(FanOutTest::isRetryable);
    assertThat(refused("loading", "not_running")).isEqualTo(3);
    assertThat(records("loading", "accepted", "")).isZero();
  }

  @Test
  void shouldAnswerOkWhenOnePipelineDeliveredAndTheOtherFailed() {
    pipeline("good", answering(Answer.Taken.ALL));
    pipeline("bad", answering(new Answer.Failed(new Outcome.Refused(BAD))));

    assertThat(send(TestBatches.spans(2))).isEmpty();
    assertThat(records("good", "delivered", "")).isEqualTo(2);
    assertThat(records("bad", "dropped", "invalid_argument")).isEqualTo(2);
    assertThat(failedAttempts("bad", "invalid_argument")).isEqualTo(1);
    assertThat(refused("bad", "invalid_argument")).isZero();
    assertThat(receiver("accepted")).isEqualTo(2);
  }

  @Test
  void shouldAnswerOkToAnEmptyRequestAndTroubleNobodyWithIt() {
    pipeline("down", answering(new Answer.Failed(new Outcome.Refused(BAD))));

    assertThat(send(TestBatches.spansOf())).isEmpty();
    assertThat(subscriptions.failures()).isEmpty();
  }

  @Test
  void shouldHandOnWhatItCannotCount() {
    pipeline("down", answering(new Answer.Failed(new Outcome.Refused(BAD))));

    assertThat(send(TestBatches.spans(0))).isPresent();
    assertThat(subscriptions.failures()).containsOnlyKeys(id("down"));
  }

  @Test
  void g11ShouldTellTheSenderWhatTheFirstBackendRejected() {
    pipeline("some", answering(new Answer.Taken(new Reply.Taken(3, "too old"))));
    pipeline("whole", answering(Answer.Taken.ALL));
    List<Reply> heard = new ArrayList<>();
    OtlpBatch batch = TestBatches.spans(5);

    fanOut.offer(batch, heard::add);
    batch.release();

    assertThat(heard).containsExactly(new Reply.Taken(3, "too old"));
    assertThat(records("some", "delivered", "")).isEqualTo(2);
    assertThat(records("some", "dropped", "rejected")).isEqualTo(3);
  }

  @Test
  void shouldTellWhichPipelineDoesNotDeliverUntilItDoesAgain() {
    List<Answer> answers =
        new ArrayList<>(
            List.of(
                new Answer.Failed(new Outcome.Refused(BAD)),
                new Answer.Failed(new Outcome.Refused(BAD)),
                Answer.Taken.ALL));
    pipeline("good", answering(Answer.Taken.ALL));
    pipeline("flaky", (batch, answer) -> answering(answers.removeFirst()).take(batch, answer));

    send(TestBatches.spans(1));
    DeliveryFailure first = Objects.requireNonNull(subscriptions.failures().get(id("flaky")));
    send(TestBatches.spans(1));

    assertThat(subscriptions.failures()).containsOnlyKeys(id("flaky"));
    assertThat(subscriptions.failures().get(id("flaky")))
        .isEqualTo(new DeliveryFailure(first.since(), "INVALID_ARGUMENT", BAD.message()));

    send(TestBatches.spans(1));
    assertThat(subscriptions.failures()).isEmpty();
  }

  @Test
  void shouldNotWaitForTheSlowPipelineWhenAnotherHasDelivered() {
    List<Runnable> ends = new CopyOnWriteArrayList<>();
    pipeline("a-slow", answeringLater(ends));
    pipeline("b-fast", answering(Answer.Taken.ALL));

    assertThat(offer(TestBatches.spans(1), IMPATIENT)).isCompletedWithValue(Optional.empty());

    await().until(() -> records("a-slow", "dropped", "deadline") == 1);
    ends.forEach(Runnable::run);
  }

  @Test
  void shouldAnswerUnavailableWhenAnyFailureMayPass() {
    pipeline("bad", answering(new Answer.Failed(new Outcome.Refused(BAD))));
    pipeline(
        "down", answering(new Answer.Failed(new Outcome.RetryLater(DOWN, Duration.ofSeconds(70)))));

    assertThat(send(TestBatches.spans(1)))
        .hasValueSatisfying(
            status -> {
              isRetryable(status);
              assertThat(status.retryAfter())
                  .isBetween(Duration.ofSeconds(68), Duration.ofSeconds(70));
            });
    assertThat(receiver("refused")).isEqualTo(1);
  }

  @Test
  void shouldAnswerThePermanentStatusWhenNoFailureMayPass() {
    pipeline("bad", answering(new Answer.Failed(new Outcome.Refused(BAD))));

    assertThat(send(TestBatches.spans(1))).contains(BAD);
    assertThat(refused("bad", "invalid_argument")).isEqualTo(1);
    assertThat(records("bad", "accepted", "")).isZero();
  }

  @Test
  void shouldAnswerOkWhenEveryPipelineDroppedTheBatchByItsOwnPolicy() {
    Selection shopOnly = new Selection(true, Set.of("shop"), Set.of());
    Selection disabled = new Selection(false, Set.of(), Set.of());
    pipeline("shop", shopOnly, answering(Answer.Taken.ALL));
    pipeline("off", disabled, answering(Answer.Taken.ALL));

    assertThat(send(TestBatches.spansOf("billing"))).isEmpty();
    assertThat(unselected("shop", "not_selected")).isEqualTo(1);
    assertThat(unselected("off", "input_disabled")).isEqualTo(1);
  }

  @Test
  void shouldHandOnOnlyTheSelectedNamespacesAndDataWithoutANamespace() {
    List<Integer> included = new CopyOnWriteArrayList<>();
    List<Integer> excluded = new CopyOnWriteArrayList<>();
    pipeline("in", new Selection(true, Set.of("shop"), Set.of()), counting(included));
    pipeline("out", new Selection(true, Set.of(), Set.of("shop", "billing")), counting(excluded));

    send(TestBatches.spansOf("shop", "billing", "", "shop"));

    assertThat(included).containsExactly(3);
    assertThat(excluded).containsExactly(1);
  }

  @Test
  void shouldAnswerFullBeyondThePipelinesBytesAndTakeAgainAfterwards() {
    List<Runnable> ends = new CopyOnWriteArrayList<>();
    pipeline("narrow", answeringLater(ends));

    CompletableFuture<Optional<OtlpStatus>> first = offer(TestBatches.spans(5_000));
    assertThat(send(TestBatches.spans(1_000))).hasValueSatisfying(FanOutTest::isRetryable);
    assertThat(refused("narrow", "in_flight_full")).isEqualTo(1_000);

    ends.removeFirst().run();
    assertThat(first).isCompletedWithValue(Optional.empty());
    CompletableFuture<Optional<OtlpStatus>> third = offer(TestBatches.spans(1_000));
    ends.removeFirst().run();
    assertThat(third).isCompletedWithValue(Optional.empty());
  }

  @Test
  void shouldAnswerFullWhenManySmallBatchesAreUnderWay() {
    List<Runnable> ends = new CopyOnWriteArrayList<>();
    pipeline("hung", answeringLater(ends));

    for (int i = 0; i < 100; i++) {
      var _ = offer(TestBatches.spans(1));
    }

    // 100 spans are a few kB of the pipeline's 64 KiB; the objects that carry them are not.
    assertThat(refused("hung", "in_flight_full")).isBetween(50.0, 99.0);
    while (!ends.isEmpty()) {
      ends.removeFirst().run();
    }
  }

  @Test
  void shouldFailTheAttemptAfterItsTimeoutAndTakeItsLateSuccessForOne() {
    List<Runnable> ends = new CopyOnWriteArrayList<>();
    pipeline("slow", answeringLater(ends));

    CompletableFuture<Optional<OtlpStatus>> answer = offer(TestBatches.spans(1));
    await().until(() -> subscriptions.failures().containsKey(id("slow")));
    ends.getFirst().run();

    assertThat(answer).isCompletedWithValue(Optional.empty());
    assertThat(records("slow", "delivered", "")).isEqualTo(1);
    assertThat(counted("late.answers")).isEqualTo(1);
  }

  @Test
  void shouldIgnoreTheSecondAnswerOfAPipeline() {
    pipeline(
        "twice",
        (batch, answer) -> {
          batch.release();
          answer.accept(Answer.Taken.ALL);
          answer.accept(new Answer.Failed(new Outcome.Refused(BAD)));
        });

    assertThat(send(TestBatches.spans(1))).isEmpty();
    assertThat(records("twice", "delivered", "")).isEqualTo(1);
    assertThat(counted("repeated.answers")).isEqualTo(1);
  }

  @Test
  void shouldCountAPipelineWhoseExecutorTurnsItAwayAsFailed() {
    PipelineId id = subscribe("closed", "v1", Selection.EVERYTHING, answering(Answer.Taken.ALL));
    Executor stopping =
        _ -> {
          throw new RejectedExecutionException("stopping");
        };
    assertThat(subscriptions.activate(id, "v1", stopping)).isCompleted();

    assertThat(offer(TestBatches.spans(1), TIMEOUT).join())
        .hasValueSatisfying(FanOutTest::isRetryable);
  }

  @Test
  void shouldMoveToTheNewVersionAndSayWhenTheOldOneHasDrained() {
    List<Runnable> ends = new CopyOnWriteArrayList<>();
    PipelineId id = pipeline("demo", answeringLater(ends));
    CompletableFuture<Optional<OtlpStatus>> underWay = offer(TestBatches.spans(1));
    subscribe("demo", "v2", Selection.EVERYTHING, answering(Answer.Taken.ALL));

    CompletableFuture<Void> drained = subscriptions.activate(id, "v2", Runnable::run);

    assertThat(drained).isNotDone();
    assertThat(send(TestBatches.spansOf("another sender"))).isEmpty();
    ends.getFirst().run();
    assertThat(drained).isCompleted();
    assertThat(underWay).isCompletedWithValue(Optional.empty());
  }

  @Test
  void shouldForgetTheMetersOfAPipelineThatIsNoLongerPlannedAndShowWhatBecameOfItsRecords() {
    pipeline("gone", answering(Answer.Taken.ALL));
    send(TestBatches.spans(1));

    subscriptions.plan(Map.of());

    assertThat(
            meters
                .find("caravan.pipeline.in.flight.bytes")
                .tag("pipeline", "tracepipeline/gone")
                .meter())
        .isNull();
    assertThat(records("gone", "delivered", "")).isEqualTo(1);
    assertThat(send(TestBatches.spans(1)))
        .hasValueSatisfying(s -> assertThat(s.code()).isEqualTo(GrpcCode.UNIMPLEMENTED));
  }

  private static PipelineId id(String name) {
    return new PipelineId(PipelineKind.TRACE, name);
  }

  private PipelineId pipeline(String name, Intake intake) {
    return pipeline(name, Selection.EVERYTHING, intake);
  }

  private PipelineId pipeline(String name, Selection selection, Intake intake) {
    PipelineId id = subscribe(name, "v1", selection, intake);
    assertThat(subscriptions.activate(id, "v1", Runnable::run)).isCompleted();
    return id;
  }

  private PipelineId subscribe(String name, String digest, Selection selection, Intake intake) {
    PipelineId id = id(name);
    if (!planned.contains(id)) {
      planned.add(id);
      subscriptions.plan(
          planned.stream().collect(Collectors.toMap(each -> each, _ -> Delivery.DEFAULT)));
    }
    subscriptions.add(new Subscription(id, digest, selection, intake));
    return id;
  }

  private static Intake answering(Answer answer) {
    return (batch, answers) -> {
      batch.release();
      answers.accept(answer);
    };
  }

  private static Intake answeringLater(List<Runnable> ends) {
    return (batch, answer) ->
        ends.add(
            () -> {
              batch.release();
              answer.accept(Answer.Taken.ALL);
            });
  }

  private static Intake counting(List<Integer> records) {
    return (batch, answers) -> {
      records.add(batch.records());
      batch.release();
      answers.accept(Answer.Taken.ALL);
    };
  }

  private Optional<OtlpStatus> send(OtlpBatch batch) {
    return offer(batch).join();
  }

  private CompletableFuture<Optional<OtlpStatus>> offer(OtlpBatch batch) {
    return offer(batch, SenderDeadline.DEFAULT);
  }

  private CompletableFuture<Optional<OtlpStatus>> offer(OtlpBatch batch, Duration waits) {
    CompletableFuture<Optional<OtlpStatus>> answer = new CompletableFuture<>();
    Consumer<Reply> once =
        reply ->
            assertThat(
                    answer.complete(
                        reply instanceof Reply.Declined(OtlpStatus status)
                            ? Optional.of(status)
                            : Optional.empty()))
                .as("answered once")
                .isTrue();
    try {
      fanOut.offer(batch, SenderDeadline.in(waits), once);
    } finally {
      batch.release();
    }
    return answer;
  }

  private static void isRetryable(OtlpStatus status) {
    assertThat(status.code()).isEqualTo(GrpcCode.UNAVAILABLE);
    assertThat(status.retryAfter()).isNotNull();
  }

  private double records(String pipeline, String result, String reason) {
    FunctionCounter counter =
        meters
            .find("caravan.pipeline.records")
            .tags("pipeline", "tracepipeline/" + pipeline, "result", result, "reason", reason)
            .functionCounter();
    return counter == null ? 0 : counter.count();
  }

  private double refused(String pipeline, String reason) {
    return count("caravan.pipeline.refused.records", pipeline, reason);
  }

  private double unselected(String pipeline, String reason) {
    return count("caravan.pipeline.unselected.records", pipeline, reason);
  }

  private double failedAttempts(String pipeline, String reason) {
    return count("caravan.pipeline.failed.attempts", pipeline, reason);
  }

  private double count(String name, String pipeline, String reason) {
    Counter counter =
        meters.find(name).tags("pipeline", "tracepipeline/" + pipeline, "reason", reason).counter();
    return counter == null ? 0 : counter.count();
  }

  private double counted(String name) {
    return meters.get("caravan.pipeline." + name).functionCounter().count();
  }

  private double receiver(String result) {
    return meters
        .get("caravan.receiver.records")
        .tags("signal", "traces", "result", result)
        .counter()
        .count();
  }
}
