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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log that a pipeline fails and that it has recovered: of each cause at most one line
 * each ten seconds, because a dead backend would otherwise fill the log at the rate of its senders,
 * and one cause is not to hide another.
 */
final class FailureLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  private final PipelineId pipeline;
  private final AtomicReference<@Nullable DeliveryFailure> failing = new AtomicReference<>();
  private final Map<Cause, Unsaid> causes = new ConcurrentHashMap<>();
  private final LinePace recoveries = new LinePace();

  /** Of which there are few: what a backend writes is no part of it. */
  private record Cause(String outcome, String code) {}

  /** Batches that failed since the last line about a cause. */
  private record Unsaid(AtomicLong batches, LinePace pace) {
    Unsaid() {
      this(new AtomicLong(), new LinePace());
    }
  }

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
    if (failing.get() != null && failing.getAndSet(null) != null && recoveries.mayWrite()) {
      LOG.info(
          "event=delivery_recovered pipeline={} failed_batches_since_last_line={}",
          pipeline,
          causes.values().stream().mapToLong(each -> each.batches().getAndSet(0)).sum());
    }
  }

  private void say(String outcome, String code, String message) {
    failing.updateAndGet(
        before ->
            new DeliveryFailure(before == null ? Instant.now() : before.since(), code, message));
    Unsaid unsaid = causes.computeIfAbsent(new Cause(outcome, code), _ -> new Unsaid());
    unsaid.batches().incrementAndGet();
    if (unsaid.pace().mayWrite()) {
      LOG.warn(
          "event=delivery_failed pipeline={} outcome={} code={} batches={} message=\"{}\"",
          pipeline,
          outcome,
          code,
          unsaid.batches().getAndSet(0),
          message);
    }
  }
}
