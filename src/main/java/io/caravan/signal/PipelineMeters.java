/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import io.caravan.journal.Place;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.Outcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.ToDoubleFunction;

/**
 * What became of a pipeline's records, in the words of {@code /metrics}. Thread-safe.
 *
 * <p>{@code caravan_pipeline_records_total} and {@code caravan_pipeline_bytes_total} by {@code
 * pipeline}, {@code result} (delivered, failed, dropped, dead_lettered) and {@code reason}, of
 * which there are few: a code of OTLP, or one of this class's own words.
 */
final class PipelineMeters {
  private record Key(String result, String reason) {}

  private record Counters(Counter records, Counter bytes) {
    void count(long addedRecords, long addedBytes) {
      records.increment((double) addedRecords);
      bytes.increment((double) addedBytes);
    }
  }

  private final MeterRegistry registry;
  private final String pipeline;
  private final Map<Key, Counters> counters = new ConcurrentHashMap<>();
  private final List<Meter> others = new CopyOnWriteArrayList<>();
  private final Counters delivered;
  private final Counter late;
  private final Counter twice;

  PipelineMeters(MeterRegistry registry, PipelineId pipeline, MemoryBudget inFlight) {
    this.registry = registry;
    this.pipeline = pipeline.toString();
    this.delivered = counters("delivered", "");
    this.late =
        Counter.builder("caravan.pipeline.late.answers")
            .description("Batches that a connector answered after their attempt had timed out")
            .tag("pipeline", this.pipeline)
            .register(registry);
    this.twice =
        Counter.builder("caravan.pipeline.repeated.answers")
            .description("Answers of a connector to a batch that it had answered already")
            .tag("pipeline", this.pipeline)
            .register(registry);
    others.add(late);
    others.add(twice);
    others.add(inFlightGauge(inFlight));
  }

  void delivered(long records, long rejected, long bytes) {
    delivered.count(Math.max(0, records - rejected), bytes);
    if (rejected > 0) {
      counters("dropped", "rejected").records.increment((double) Math.min(rejected, records));
    }
  }

  void dropped(String reason, long records, long bytes) {
    counters("dropped", reason).count(records, bytes);
  }

  /** Shows what waits in a place, from now on. */
  void queued(Place place) {
    ToDoubleFunction<Place> records = Place::pendingRecords;
    ToDoubleFunction<Place> bytes = Place::pendingBytes;
    others.add(
        Gauge.builder("caravan.pipeline.queued.records", place, records)
            .description("Records in the journal that are not delivered yet")
            .tag("pipeline", pipeline)
            .register(registry));
    others.add(
        Gauge.builder("caravan.pipeline.queued.bytes", place, bytes)
            .description("Bytes that these hold of the journal")
            .tag("pipeline", pipeline)
            .register(registry));
  }

  void deadLettered(String reason, long records, long bytes) {
    counters("dead_lettered", reason).count(records, bytes);
  }

  void failed(String reason, long records, long bytes) {
    counters("failed", reason).count(records, bytes);
  }

  void failed(Outcome outcome, long records, long bytes) {
    failed(reason(outcome), records, bytes);
  }

  void late() {
    late.increment();
  }

  void repeated() {
    twice.increment();
  }

  /** Takes the pipeline out of {@code /metrics}. */
  void remove() {
    counters.values().forEach(each -> List.of(each.records, each.bytes).forEach(registry::remove));
    others.forEach(registry::remove);
  }

  static String reason(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Delivered _ -> "";
      case Outcome.RetryLater later -> later.status().code().name().toLowerCase(Locale.ROOT);
      case Outcome.Refused refused -> refused.status().code().name().toLowerCase(Locale.ROOT);
      case Outcome.TooLarge _ -> "too_large";
      case Outcome.Misconfigured _ -> "misconfigured";
    };
  }

  private Counters counters(String result, String reason) {
    return counters.computeIfAbsent(
        new Key(result, reason),
        _ ->
            new Counters(
                counter(
                    "caravan.pipeline.records", "Records by what became of them", result, reason),
                counter("caravan.pipeline.bytes", "Bytes by what became of them", result, reason)));
  }

  private Counter counter(String name, String description, String result, String reason) {
    return Counter.builder(name)
        .description(description)
        .tags("pipeline", pipeline, "result", result, "reason", reason)
        .register(registry);
  }

  private Gauge inFlightGauge(MemoryBudget inFlight) {
    ToDoubleFunction<MemoryBudget> used = MemoryBudget::used;
    return Gauge.builder("caravan.pipeline.in.flight.bytes", inFlight, used)
        .description("Bytes of batches on their way through the pipeline")
        .tag("pipeline", pipeline)
        .register(registry);
  }
}
