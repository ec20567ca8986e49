/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The ledger is exact while many threads post, and afterwards. */
final class LedgerConcurrencyTest {
  private static final int WRITERS = 4;
  private static final int BATCHES = 50_000;
  private static final Source REPLAYED = new Source(Input.OTLP, Origin.REPLAY);
  private static final List<String> REASONS = List.of("filter", "rejected", "expired");

  private final Ledger ledger = new Ledger(new SimpleMeterRegistry());
  private final List<PipelineBook> books =
      List.of(
          ledger.book(new PipelineId(PipelineKind.LOG, "a")),
          ledger.book(new PipelineId(PipelineKind.TRACE, "b")));
  private final ExecutorService threads = Executors.newFixedThreadPool(WRITERS);

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void shouldBeExactAtEveryMomentWhileManyPost() throws Exception {
    List<Future<Amount>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      Random random = new Random(i);
      writers.add(threads.submit(() -> post(random)));
    }

    int read = 0;
    while (writers.stream().anyMatch(writer -> !writer.isDone())) {
      assertThat(ledger.check()).isEmpty();
      read += books.getFirst().lines().isPresent() ? 1 : 0;
    }
    assertThat(read).as("moments at which the books were read").isPositive();

    Amount posted = Amount.NONE;
    for (Future<Amount> writer : writers) {
      posted = posted.plus(writer.get());
    }
    Balance sum =
        books.stream()
            .map(book -> ledger.balance(book.pipeline()).orElseThrow())
            .reduce(Balance.EMPTY, Balance::plus);
    assertThat(sum.accepted()).isEqualTo(posted);
    assertThat(sum.queued()).isEqualTo(Amount.NONE);
    assertThat(sum.delivered().plus(sum.dropped()).plus(sum.deadLettered())).isEqualTo(posted);
    assertThat(ledger.check()).isEmpty();
  }

  @Test
  void shouldReadNothingThatIsHalfPosted() throws Exception {
    PipelineBook book = books.getFirst();
    Future<?> writer =
        threads.submit(
            () -> {
              for (int i = 1; i <= BATCHES; i++) {
                Amount amount = new Amount(i, i * 7L);
                book.together(
                    () -> {
                      book.accepted(Source.OTLP, amount);
                      book.delivered(Source.OTLP, amount);
                    });
              }
            });

    do {
      // Accepted and delivered, each with an amount of its own, or neither.
      book.lines()
          .ifPresent(
              lines ->
                  assertThat(lines.stream().map(Line::amount).distinct())
                      .hasSize(lines.size() / 2));
    } while (!writer.isDone());
    writer.get();
    assertThat(ledger.balance(book.pipeline()).orElseThrow().accepted())
        .isEqualTo(new Amount(BATCHES * (BATCHES + 1L) / 2, 7 * BATCHES * (BATCHES + 1L) / 2));
  }

  /** What this thread has posted as accepted. */
  private Amount post(Random random) {
    Amount total = Amount.NONE;
    for (int i = 0; i < BATCHES; i++) {
      Amount amount = new Amount(random.nextInt(1, 1000), random.nextInt(1, 1 << 20));
      PipelineBook book = books.get(random.nextInt(books.size()));
      Source source = random.nextInt(10) == 0 ? REPLAYED : Source.OTLP;
      book.together(
          () -> {
            book.accepted(source, amount);
            book.queued(source, amount);
          });
      total = total.plus(amount);
      if (i % 16 == 0) {
        // As a sender would: otherwise the books are never still.
        LockSupport.parkNanos(1);
      }
      int fate = random.nextInt(REASONS.size() + 2);
      book.together(
          () -> {
            book.unqueued(source, amount);
            switch (fate) {
              case 0 -> book.delivered(source, amount);
              case 1 -> book.deadLettered(source, "invalid_argument", amount);
              default -> book.dropped(source, REASONS.get(fate - 2), amount);
            }
          });
    }
    return total;
  }
}
