/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.DeliveryFailure;
import io.caravan.api.PipelineId;
import io.caravan.journal.Reservation;
import io.caravan.observe.LinePace;
import io.caravan.otlp.Outcome;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a pipeline could not keep the last batch that it was offered: what its senders feel, whatever
 * the backend does. Thread-safe.
 */
final class KeepingFailure {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  private final PipelineId pipeline;
  private final LinePace pace = new LinePace();
  private final AtomicReference<@Nullable DeliveryFailure> current = new AtomicReference<>();

  KeepingFailure(PipelineId pipeline) {
    this.pipeline = pipeline;
  }

  /** Empty since a batch was kept. */
  Optional<DeliveryFailure> failure() {
    return Optional.ofNullable(current.get());
  }

  void kept() {
    if (current.get() != null) {
      current.set(null);
    }
  }

  void full(Reservation reservation) {
    failed("RESOURCE_EXHAUSTED", message(reservation));
  }

  void notWritten(Outcome.RetryLater outcome) {
    failed(outcome.status().code().name(), outcome.status().message());
  }

  private void failed(String code, String message) {
    DeliveryFailure before = current.get();
    current.set(
        new DeliveryFailure(before == null ? Instant.now() : before.since(), code, message));
    if (pace.mayWrite()) {
      LOG.warn("event=data_refused pipeline={} code={} message=\"{}\"", pipeline, code, message);
    }
  }

  private static String message(Reservation reservation) {
    return switch (reservation) {
      case PLACE_FULL ->
          "its buffer is full: spec.delivery.buffer.size is the bound, and spec.delivery.whenFull"
              + " says what becomes of new data";
      case JOURNAL_FULL ->
          "the journal is full (10 GiB, or half of what the file system of --data has for it), and"
              + " the pipeline has more than its share of it";
      case FILE_SYSTEM_FULL ->
          "the file system of --data is full but for the tenth that stays free";
      case REMOVED, GRANTED -> "its place in the journal is gone";
    };
  }
}
