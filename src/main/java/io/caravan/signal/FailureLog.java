/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.DeliveryFailure;
import io.caravan.api.PipelineId;
import io.caravan.observe.LinePace;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log that a pipeline fails and that it has recovered: at most one line each ten
 * seconds, because a dead backend would otherwise fill the log at the rate of its senders.
 */
final class FailureLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  private final PipelineId pipeline;
  private final AtomicReference<@Nullable DeliveryFailure> failing = new AtomicReference<>();
  private final AtomicLong unsaid = new AtomicLong();
  private final LinePace pace = new LinePace();

  FailureLog(PipelineId pipeline) {
    this.pipeline = pipeline;
  }

  /** Empty while the last batch was delivered, or none has come yet. */
  Optional<DeliveryFailure> failure() {
    return Optional.ofNullable(failing.get());
  }

  void failed(Outcome outcome) {
    OtlpStatus status =
        switch (outcome) {
          case Outcome.Delivered _ -> null;
          case Outcome.RetryLater later -> later.status();
          case Outcome.Refused refused -> refused.status();
          case Outcome.TooLarge tooLarge -> tooLarge.status();
          case Outcome.Misconfigured misconfigured -> misconfigured.status();
        };
    if (status != null) {
      say(outcome.getClass().getSimpleName(), status.code().name(), status.message());
    }
  }

  void full() {
    say("Full", "RESOURCE_EXHAUSTED", "the pipeline has as many bytes in flight as it may have");
  }

  void recovered() {
    if (failing.get() != null && failing.getAndSet(null) != null && pace.mayWrite()) {
      LOG.info(
          "event=delivery_recovered pipeline={} failed_batches_since_last_line={}",
          pipeline,
          unsaid.getAndSet(0));
    }
  }

  private void say(String outcome, String code, String message) {
    failing.updateAndGet(
        before ->
            new DeliveryFailure(before == null ? Instant.now() : before.since(), code, message));
    unsaid.incrementAndGet();
    if (pace.mayWrite()) {
      LOG.warn(
          "event=delivery_failed pipeline={} outcome={} code={} batches={} message=\"{}\"",
          pipeline,
          outcome,
          code,
          unsaid.getAndSet(0),
          message);
    }
  }
}
