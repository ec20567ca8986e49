/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.util.Collection;
import java.util.List;

/** Exports the same data points to two places; the SDK has such a thing for spans and logs only. */
record BothMetricExporters(MetricExporter first, MetricExporter second) implements MetricExporter {

  @Override
  public CompletableResultCode export(Collection<MetricData> metrics) {
    return CompletableResultCode.ofAll(List.of(first.export(metrics), second.export(metrics)));
  }

  @Override
  public CompletableResultCode flush() {
    return CompletableResultCode.ofAll(List.of(first.flush(), second.flush()));
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofAll(List.of(first.shutdown(), second.shutdown()));
  }

  @Override
  public AggregationTemporality getAggregationTemporality(InstrumentType instrument) {
    return first.getAggregationTemporality(instrument);
  }
}
