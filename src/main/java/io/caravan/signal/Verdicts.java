/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.Delivery.WhenFull;
import io.caravan.api.DeliveryFailure;
import io.caravan.api.PipelineId;
import io.caravan.journal.Reservation;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Reply;
import io.caravan.signal.books.PipelinePostings;
import java.time.Duration;
import java.util.Optional;

/**
 * Gives a pipeline's answers to batches, and posts or counts what each means for the records.
 * Thread-safe.
 */
final class Verdicts {
  private static final Outcome NOT_RUNNING =
      new Outcome.RetryLater(
          Answers.unavailable("the pipeline is not running yet", Duration.ofSeconds(1)), null);

  private final PipelineId id;
  private final PipelineMeters meters;
  private final PipelinePostings postings;
  private final FailureLog failures;
  private final KeepingFailure keeping;

  Verdicts(PipelineId id, PipelineMeters meters, PipelinePostings postings, FailureLog failures) {
    this.id = id;
    this.meters = meters;
    this.postings = postings;
    this.failures = failures;
    this.keeping = new KeepingFailure(id);
  }

  /**
   * Why the last batch was not taken, and why the backlog is not delivered, which is what fills a
   * buffer; empty if neither fails.
   */
  Optional<DeliveryFailure> failure(Optional<DeliveryFailure> backlog) {
    return keeping
        .failure()
        .map(full -> backlog.map(full::beside).orElse(full))
        .or(failures::failure)
        .or(() -> backlog);
  }

  /** Its place in the journal has no room for a batch. */
  void full(Reservation reservation, WhenFull whenFull, OtlpBatch batch, Answers answers) {
    int records = batch.records();
    long bytes = batch.size();
    String reason = Answer.Dropped.JOURNAL_FULL.reason();
    keeping.full(reservation);
    if (whenFull == WhenFull.DROP_NEWEST) {
      postings.dropped(reason, records, bytes);
      answers.answer(id, Answer.Dropped.JOURNAL_FULL);
      return;
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

  /** There is no version that could take a batch. */
  void notRunning(OtlpBatch batch, Answers answers) {
    answers.untaken(
        id, new Answer.Failed(NOT_RUNNING), untaken("not_running", batch.records(), batch.size()));
  }

  /** It does not select anything of a batch. */
  void drop(Subscription subscription, OtlpBatch batch, Answers answers) {
    Answer.Dropped dropped =
        subscription.selection().enabled()
            ? Answer.Dropped.NOT_SELECTED
            : Answer.Dropped.INPUT_DISABLED;
    meters.unselected(dropped.reason(), batch.records());
    answers.answer(id, dropped);
  }

  /** What came of a batch for whose delivery the sender waits. */
  void answered(int records, long bytes, Answer answer, Answers answers) {
    switch (answer) {
      case Answer.Taken(Reply.Taken reply) -> {
        postings.delivered(records, bytes, Math.toIntExact(Math.min(reply.rejected(), records)));
        answers.answer(id, answer);
      }
      case Answer.Failed(Outcome outcome) ->
          answers.untaken(id, answer, untaken(PipelineMeters.reason(outcome), records, bytes));
      case Answer.Late _ -> answers.untaken(id, answer, untaken("deadline", records, bytes));
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
}
