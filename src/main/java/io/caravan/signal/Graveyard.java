/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.delivery.Ending;
import io.caravan.journal.deadletters.DeadLetter;
import io.caravan.journal.deadletters.DeadLetterHeader;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Puts what no backend took aside as dead letters, however often that has to be tried. Thread-safe.
 */
final class Graveyard {
  private static final Duration AGAIN = Duration.ofSeconds(5);

  private final DeadLetters letters;
  private final Later later;

  Graveyard(DeadLetters letters, Later later) {
    this.letters = letters;
    this.later = later;
  }

  /**
   * Stores a batch, borrowed for the time of the call.
   *
   * @param acceptedAt milliseconds since 1970
   * @param origin as in the journal
   * @param stored called once, when it is on the disk; until then nobody may forget it
   */
  void bury(
      String pipeline,
      OtlpBatch batch,
      Ending ending,
      long acceptedAt,
      byte origin,
      Runnable stored) {
    bury(pipeline, batch.retain(), header(batch, ending, acceptedAt, origin), stored);
  }

  /** Takes over a reference to the batch. */
  private void bury(String pipeline, OtlpBatch batch, DeadLetterHeader header, Runnable stored) {
    letters.add(
        pipeline,
        new DeadLetter(header, batch.payload().retainedSlice()),
        failure -> {
          if (failure == null) {
            batch.release();
            stored.run();
          } else {
            later.run(() -> bury(pipeline, batch, header, stored), AGAIN);
          }
        });
  }

  private static DeadLetterHeader header(
      OtlpBatch batch, Ending ending, long acceptedAt, byte origin) {
    OtlpStatus status = status(ending);
    return new DeadLetterHeader(
        ending instanceof Ending.Expired ? "expired" : "refused",
        status == null ? "" : status.code().name(),
        status == null ? "" : status.message(),
        Instant.ofEpochMilli(acceptedAt),
        Instant.now(),
        origin,
        batch.signal().code(),
        batch.records());
  }

  /** The word for metrics and for people. */
  static String reason(Ending ending) {
    return switch (ending) {
      case Ending.Refused refused -> refused.status().code().name().toLowerCase(Locale.ROOT);
      case Ending.Expired _ -> "expired";
      case Ending.Delivered _,
          Ending.Withdrawn _,
          Ending.Displaced _,
          Ending.Left _,
          Ending.Divided _ ->
          throw new IllegalArgumentException("nothing to bury: " + ending);
    };
  }

  private static @Nullable OtlpStatus status(Ending ending) {
    return switch (ending) {
      case Ending.Refused refused -> refused.status();
      case Ending.Expired expired -> expired.lastFailure();
      case Ending.Delivered _,
          Ending.Withdrawn _,
          Ending.Displaced _,
          Ending.Left _,
          Ending.Divided _ ->
          null;
    };
  }
}
