/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Shows in {@code /metrics} what a pipeline keeps for replay. Thread-safe. */
final class RetainedMeters {
  private final MeterRegistry registry;
  private final List<Meter> gauges;

  RetainedMeters(MeterRegistry registry, Retained retained) {
    this.registry = registry;
    gauges =
        List.of(
            gauge(
                "caravan.pipeline.retained.records",
                "Records that were delivered and are kept for replay",
                retained,
                Retained::records),
            gauge(
                "caravan.pipeline.retained.bytes",
                "Bytes that these hold of the journal",
                retained,
                Retained::bytes),
            gauge(
                "caravan.pipeline.retained.oldest.timestamp.seconds",
                "When the oldest of these came, in seconds since 1970; 0 if there is none",
                retained,
                RetainedMeters::oldestSeconds));
  }

  private static double oldestSeconds(Retained retained) {
    return retained.amount().oldest().map(Instant::getEpochSecond).orElse(0L);
  }

  private Meter gauge(
      String name, String description, Retained retained, ToDoubleFunction<Retained> value) {
    return Gauge.builder(name, retained, value)
        .description(description)
        .tag("pipeline", retained.pipeline().toString())
        .register(registry);
  }

  /** Takes them out of {@code /metrics}. */
  void remove() {
    gauges.forEach(registry::remove);
  }
}
