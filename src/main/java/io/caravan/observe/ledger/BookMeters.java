/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import io.caravan.api.PipelineId;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;

/**
 * A pipeline's book in the words of {@code /metrics}. Thread-safe.
 *
 * <p>{@code caravan_pipeline_records_total} and {@code caravan_pipeline_bytes_total} by {@code
 * pipeline}, {@code input}, {@code origin}, {@code result} and {@code reason}; {@code
 * caravan_pipeline_queued_records} and {@code ..._bytes} by the first three.
 */
final class BookMeters {
  private final MeterRegistry registry;
  private final PipelineId pipeline;
  private final List<Meter> meters = new ArrayList<>();
  private boolean removed;

  BookMeters(MeterRegistry registry, PipelineId pipeline) {
    this.registry = registry;
    this.pipeline = pipeline;
  }

  synchronized void counted(Source source, Account account, String reason, Tally tally) {
    if (removed) {
      return;
    }
    Tags tags = tags(source).and("result", account.toString(), "reason", reason);
    meters.add(
        FunctionCounter.builder("caravan.pipeline.records", tally, Tally::records)
            .description("Records by what became of them")
            .tags(tags)
            .register(registry));
    meters.add(
        FunctionCounter.builder("caravan.pipeline.bytes", tally, Tally::bytes)
            .description("Bytes, as the pipeline took them, by what became of them")
            .tags(tags)
            .register(registry));
  }

  synchronized void queued(Source source, Tally tally) {
    if (removed) {
      return;
    }
    meters.add(
        Gauge.builder("caravan.pipeline.queued.records", tally, Tally::records)
            .description("Records that wait for delivery or are on their way")
            .tags(tags(source))
            .register(registry));
    meters.add(
        Gauge.builder("caravan.pipeline.queued.bytes", tally, Tally::bytes)
            .description("Bytes that wait for delivery or are on their way")
            .tags(tags(source))
            .register(registry));
  }

  /** A late posting opens no meter again, which the pipeline's next book would find taken. */
  synchronized void remove() {
    removed = true;
    meters.forEach(registry::remove);
    meters.clear();
  }

  private Tags tags(Source source) {
    return Tags.of(
        "pipeline", pipeline.toString(),
        "input", source.input().toString(),
        "origin", source.origin().toString());
  }
}
