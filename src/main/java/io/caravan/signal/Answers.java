/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Combines the pipelines' answers to one batch into the answer that its sender gets. Thread-safe.
 *
 * <p>OK as soon as one pipeline has taken the batch: the others are islands, and a dead one does
 * not delay the sender, who hears what that one's backend rejected. If none has, and all have
 * answered: UNAVAILABLE with RetryInfo (DEADLINE_EXCEEDED, if that is why) if any failure may pass
 * or any was full, otherwise the permanent status; OK if all dropped the batch by their own policy.
 */
final class Answers {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final Duration UNTIL_MENDED = Duration.ofSeconds(10);

  private final Consumer<Reply> sender;
  private int open;
  private boolean answered;
  private boolean taken;
  private final List<Untaken> untaken = new ArrayList<>(0);
  private @Nullable OtlpStatus passing;
  private @Nullable OtlpStatus permanent;

  /**
   * A batch that goes to so many pipelines. {@code sender} is told once, by the thread of the
   * answer that decides: empty is OK.
   */
  Answers(int pipelines, Consumer<Reply> sender) {
    this.open = pipelines;
    this.sender = sender;
  }

  /**
   * A pipeline has not taken the batch.
   *
   * @param told once what that means, when the sender's answer is known
   */
  void untaken(PipelineId pipeline, Answer answer, Untaken told) {
    boolean already;
    synchronized (this) {
      already = taken;
      if (!already) {
        untaken.add(told);
      }
    }
    if (already) {
      told.lost();
    }
    answer(pipeline, answer);
  }

  void answer(PipelineId pipeline, Answer answer) {
    List<Untaken> told;
    Reply reply;
    synchronized (this) {
      open--;
      note(pipeline, answer);
      boolean decided = answer instanceof Answer.Taken || open == 0;
      if (answered || !decided) {
        return;
      }
      answered = true;
      taken = answer instanceof Answer.Taken;
      told = List.copyOf(untaken);
      reply = answer instanceof Answer.Taken(Reply.Taken taken) ? taken : worst();
    }
    told.forEach(answer instanceof Answer.Taken ? Untaken::lost : Untaken::refused);
    sender.accept(reply);
  }

  /**
   * What went wrong between us and a backend is our log's: a sender learns which pipeline and which
   * status, and nothing of addresses, which may come from a Secret. What a backend says of the
   * batch itself, the sender is told.
   */
  private void note(PipelineId pipeline, Answer answer) {
    switch (answer) {
      case Answer.Taken _, Answer.Dropped _ -> {}
      case Answer.Full _ ->
          passing(unavailable(pipeline + " has no room for more data", RETRY_AFTER));
      case Answer.Late _ ->
          passing(
              new OtlpStatus(
                  GrpcCode.DEADLINE_EXCEEDED,
                  pipeline + " could not deliver in the time that the sender waits",
                  RETRY_AFTER));
      case Answer.Failed(Outcome outcome) -> {
        switch (outcome) {
          case Outcome.Delivered _ -> {}
          case Outcome.RetryLater(OtlpStatus status, Duration notBefore) ->
              passing(
                  unavailable(
                      undelivered(pipeline, status), notBefore == null ? RETRY_AFTER : notBefore));
          case Outcome.Refused(OtlpStatus status) -> permanent(status);
          case Outcome.TooLarge(OtlpStatus status) -> permanent(status);
          // Not the sender's mistake: it keeps the batch while somebody mends the pipeline.
          case Outcome.Misconfigured(OtlpStatus status) ->
              passing(unavailable(undelivered(pipeline, status), UNTIL_MENDED));
        }
      }
    }
  }

  private static String undelivered(PipelineId pipeline, OtlpStatus status) {
    return pipeline + " could not deliver (" + status.code() + "); the log of Caravan says why";
  }

  /** Of several waits the shortest: the first pipeline that recovers takes the batch. */
  private void passing(OtlpStatus status) {
    if (passing == null || wait(status).compareTo(wait(passing)) < 0) {
      passing = status;
    }
  }

  private void permanent(OtlpStatus status) {
    if (permanent == null) {
      // A client takes UNIMPLEMENTED for ever, and for the signal as a whole.
      GrpcCode code =
          status.code() == GrpcCode.UNIMPLEMENTED ? GrpcCode.FAILED_PRECONDITION : status.code();
      permanent = OtlpStatus.of(code, status.message());
    }
  }

  private Reply worst() {
    OtlpStatus status = passing == null ? permanent : passing;
    return status == null ? Reply.Taken.WHOLLY : new Reply.Declined(status);
  }

  private static Duration wait(OtlpStatus status) {
    return status.retryAfter() == null ? Duration.ZERO : status.retryAfter();
  }

  static OtlpStatus unavailable(String message, Duration retryAfter) {
    return new OtlpStatus(GrpcCode.UNAVAILABLE, message, retryAfter);
  }
}
