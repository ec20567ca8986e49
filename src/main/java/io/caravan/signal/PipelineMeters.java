/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import io.caravan.delivery.Deliverer;
import io.caravan.delivery.DeliveryState.Counts;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a pipeline, beside what its book says of the records that it has taken, in the
 * words of {@code /metrics}. Thread-safe.
 *
 * <p>By {@code pipeline} and {@code reason}, of which there are few, a code of OTLP or one of our
 * own words: {@code caravan_pipeline_unselected_records_total}, {@code
 * caravan_pipeline_refused_records_total} and {@code caravan_pipeline_failed_attempts_total}.
 */
final class PipelineMeters {
  private static final String UNSELECTED = "caravan.pipeline.unselected.records";
  private static final String REFUSED = "caravan.pipeline.refused.records";
  private static final String FAILED = "caravan.pipeline.failed.attempts";

  private record Key(String name, String reason) {}

  private final MeterRegistry registry;
  private final String pipeline;
  private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
  private final List<Meter> others = new CopyOnWriteArrayList<>();
  private volatile @Nullable Deliverer deliverer;

  PipelineMeters(MeterRegistry registry, PipelineId pipeline, MemoryBudget inFlight) {
    this.registry = registry;
    this.pipeline = pipeline.toString();
    others.add(inFlightGauge(inFlight));
  }

  /** The pipeline does not select the records, which are none of its and so not in its book. */
  void unselected(String reason, long records) {
    count(UNSELECTED, "Records that the pipeline does not select", reason, records);
  }

  /** The records stay with their sender. */
  void refused(String reason, long records) {
    count(REFUSED, "Records that their sender was asked to keep", reason, records);
  }

  /** The records that were refused, by reason. */
  SortedMap<String, Long> refused() {
    SortedMap<String, Long> refused = new TreeMap<>();
    counters.forEach(
        (key, counter) -> {
          if (key.name().equals(REFUSED)) {
            refused.put(key.reason(), Math.round(counter.count()));
          }
        });
    return refused;
  }

  /** What it was of is tried again, put aside or refused. */
  void failedAttempt(Outcome outcome) {
    count(FAILED, "Attempts to deliver that failed", reason(outcome), 1);
  }

  /** Shows what a deliverer's connectors did out of turn, from now on. */
  void attempts(Deliverer now) {
    Deliverer before = deliverer;
    deliverer = now;
    if (before == null) {
      others.add(
          outOfTurn(
              "late.answers",
              "Batches that a connector answered after their attempt had timed out",
              Counts::late));
      others.add(
          outOfTurn(
              "repeated.answers",
              "Answers of a connector to a batch that it had answered already",
              Counts::repeated));
    }
  }

  private Meter outOfTurn(String name, String description, ToLongFunction<Counts> count) {
    return FunctionCounter.builder("caravan.pipeline." + name, this, each -> each.attempts(count))
        .description(description)
        .tag("pipeline", pipeline)
        .register(registry);
  }

  private double attempts(ToLongFunction<Counts> count) {
    Deliverer now = deliverer;
    return now == null ? 0 : count.applyAsLong(now.state().counts());
  }

  /** Takes the pipeline out of {@code /metrics}. */
  void remove() {
    counters.values().forEach(registry::remove);
    others.forEach(registry::remove);
  }

  static String reason(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered _ -> "delivered";
      case Outcome.RetryLater later -> later.status().code().name().toLowerCase(Locale.ROOT);
      case Outcome.Refused refused -> refused.status().code().name().toLowerCase(Locale.ROOT);
      case Outcome.TooLarge _ -> "too_large";
      case Outcome.Misconfigured _ -> "misconfigured";
    };
  }

  private void count(String name, String description, String reason, long more) {
    counters
        .computeIfAbsent(
            new Key(name, reason),
            _ ->
                Counter.builder(name)
                    .description(description)
                    .tags("pipeline", pipeline, "reason", reason)
                    .register(registry))
        .increment((double) more);
  }

  private Gauge inFlightGauge(MemoryBudget inFlight) {
    ToDoubleFunction<MemoryBudget> used = MemoryBudget::used;
    return Gauge.builder("caravan.pipeline.in.flight.bytes", inFlight, used)
        .description("Bytes of batches on their way through the pipeline")
        .tag("pipeline", pipeline)
        .register(registry);
  }
}
