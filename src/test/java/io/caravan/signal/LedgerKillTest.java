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
import io.caravan.journal.ForgetfulFolder;
import io.caravan.journal.ForgetfulFolder.Left;
import io.caravan.journal.Journal;
import io.caravan.journal.JournalFolder;
import io.caravan.journal.JournalListener;
import io.caravan.journal.JournalSettings;
import io.caravan.journal.deadletters.DeadLetterListener;
import io.caravan.journal.deadletters.DeadLetterSettings;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.observe.ledger.Balance;
import io.caravan.observe.ledger.Ledger;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Reply;
import io.caravan.otlp.Signal;
import io.caravan.signal.books.PlaceBook;
import io.caravan.signal.books.PlaceBooks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A pipeline whose backend takes, refuses, takes some or does not answer, and whose buffer is full
 * at times, is killed or loses its power after every step on the disk.
 */
@DisplayName("The ledger after a kill")
@ExtendWith(NoLeaks.class)
class LedgerKillTest {
  private static final PipelineId ID = new PipelineId(PipelineKind.TRACE, "kept");
  private static final int BATCHES = 400;

  /** More than there is room for, and few enough that many are taken however fast they come. */
  private static final int BURST = 20;

  private static final JournalSettings SMALL_SEGMENTS =
      JournalSettings.of(1 << 30).withSegmentBytes(4 << 10).withFreePercent(0);

  /** What was left at a moment, and how much somebody had been told to be taken until then. */
  private record Moment(JournalFolder folder, long told) {
    void check() throws IOException {
      Ledger ledger = new Ledger(new SimpleMeterRegistry());
      try (Journal journal = Journal.open(folder, SMALL_SEGMENTS, JournalListener.NONE)) {
        PlaceBook _ = new PlaceBooks(ledger).of(ID, journal.place(ID.place()));
        assertThat(ledger.check()).isEmpty();
        Balance balance = ledger.balance(ID).orElseThrow();
        // What a power loss has half of, nobody had been told of.
        assertThat(balance.accepted().records() - corrupt(ledger)).isGreaterThanOrEqualTo(told);
        assertThat(balance.queued().records())
            .isEqualTo(journal.place(ID.place()).pendingRecords());
      }
    }

    private static long corrupt(Ledger ledger) {
      return ledger.book(ID).lines().orElseThrow().stream()
          .filter(line -> line.reason().equals("corrupt"))
          .mapToLong(line -> line.amount().records())
          .sum();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void shouldBalanceAndKnowAllThatSendersWereToldIsTaken(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    ForgetfulFolder folder = new ForgetfulFolder();
    AtomicLong told = new AtomicLong();
    List<Moment> moments = new ArrayList<>();
    SplittableRandom chance = random.split();
    List<Left> lefts = List.of(Left.values());
    folder.afterEachStep(
        () -> {
          long until = told.get();
          Left left = lefts.get(chance.nextInt(lefts.size()));
          moments.add(new Moment(folder.afterPowerLoss(left, chance.nextLong()), until));
        });
    run(folder, random.split(), told);
    folder.afterEachStep(() -> {});

    assertThat(moments).hasSizeGreaterThan(20);
    for (Moment moment : moments) {
      moment.check();
    }
  }

  private static void run(ForgetfulFolder folder, SplittableRandom random, AtomicLong told)
      throws IOException {
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    Journal journal = Journal.open(folder, SMALL_SEGMENTS, JournalListener.NONE);
    DeadLetters letters =
        DeadLetters.open(
            new ForgetfulFolder(), DeadLetterSettings.DEFAULT, DeadLetterListener.NONE);
    Subscriptions subscriptions =
        new Subscriptions(
            new FanOutSettings(Duration.ofSeconds(5), 1 << 20),
            new MemoryBudget(64 << 20),
            meters,
            journal,
            letters);
    subscriptions.plan(Map.of(ID, settings()));
    SplittableRandom fate = random.split();
    subscriptions.add(
        new Subscription(
            ID,
            "v1",
            Selection.EVERYTHING,
            (batch, answer) -> {
              batch.release();
              answer.accept(answer(fate));
            }));
    assertThat(subscriptions.activate(ID, "v1", Runnable::run)).isCompleted();
    Thread sender = Thread.currentThread();
    AtomicLong dropped = new AtomicLong();
    for (int i = 0; i < BATCHES; i++) {
      OtlpBatch batch = TestBatches.spans(random.nextInt(1, 8));
      int records = batch.records();
      subscriptions
          .fanOut(Signal.TRACES)
          .offer(
              batch,
              reply -> {
                assertThat(reply).isInstanceOf(Reply.Taken.class);
                // What is dropped is answered at once, and saved soon after; a kill forgets both.
                (Thread.currentThread().equals(sender) ? dropped : told).addAndGet(records);
              });
      batch.release();
      if (i % BURST == BURST - 1) {
        awaitDelivered(journal);
      }
    }
    awaitDelivered(journal);
    assertThat(subscriptions.ledger().check()).isEmpty();
    Balance balance = subscriptions.ledger().balance(ID).orElseThrow();
    assertThat(balance.accepted().records()).isEqualTo(told.get() + dropped.get());
    assertThat(balance.dropped().records()).isPositive();
    assertThat(balance.deadLettered().records()).isPositive();
    subscriptions.stopDelivering(Duration.ofSeconds(1)).join();
    subscriptions.close();
    letters.close();
    journal.close();
  }

  private static void awaitDelivered(Journal journal) {
    await()
        .pollInterval(Duration.ofMillis(1))
        .untilAsserted(() -> assertThat(journal.place(ID.place()).pendingRecords()).isZero());
  }

  /** Full after a few batches; then the sender hears OK and what is new is dropped. */
  private static Delivery settings() {
    return new Delivery(
        Delivery.DEFAULT.acknowledge(),
        new Buffer(4096, Duration.ofHours(1)),
        WhenFull.DROP_NEWEST,
        Delivery.DEFAULT.order(),
        new Retry(Duration.ofMillis(1), Duration.ofMillis(5)),
        Delivery.DEFAULT.onDelete(),
        Delivery.DEFAULT.retain(),
        Delivery.DEFAULT.holdInput());
  }

  private static synchronized Answer answer(SplittableRandom fate) {
    return switch (fate.nextInt(6)) {
      case 0 ->
          new Answer.Failed(
              new Outcome.Refused(OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "not this one")));
      case 1 ->
          new Answer.Failed(
              new Outcome.RetryLater(OtlpStatus.of(GrpcCode.UNAVAILABLE, "later"), null));
      case 2 -> new Answer.Taken(new Reply.Taken(1, "one of them is too old"));
      default -> Answer.Taken.ALL;
    };
  }
}
