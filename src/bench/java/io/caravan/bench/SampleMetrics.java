/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import java.util.Arrays;
import java.util.List;

/**
 * Makes encoded metric requests: sums, gauges and explicit histograms as SDKs export them, up to 20
 * data points a metric. A record is a data point.
 */
final class SampleMetrics {

  private static final int MOST_POINTS = 20;
  private static final String[] ROUTES = {
    "/api/orders/{id}", "/api/orders/{id}/items", "/api/carts/{id}", "/api/products/{id}", "/login"
  };
  private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE"};
  private static final String[] STATUSES = {"200", "201", "404", "503"};
  private static final String[] POOLS = {"G1 Eden Space", "G1 Old Gen", "Metaspace", "CodeHeap"};
  private static final List<Double> BOUNDS =
      List.of(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0);

  private final SampleValues values;
  private final SampleResources resources;

  SampleMetrics(SampleValues values) {
    this.values = values;
    this.resources = new SampleResources(values);
  }

  /** Returns the next request, an encoded {@code ExportMetricsServiceRequest}. */
  byte[] next(int records) {
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    for (int i = 0; i < SampleResources.COUNT; i++) {
      ScopeMetrics.Builder scope =
          ScopeMetrics.newBuilder()
              .setScope(
                  InstrumentationScope.newBuilder()
                      .setName("io.opentelemetry.runtime-telemetry")
                      .setVersion("2.33.1"));
      int left = SampleResources.recordsOf(records, i);
      for (int metric = 0; left > 0; metric++) {
        int points = Math.min(left, MOST_POINTS);
        scope.addMetrics(metric(metric, points));
        left -= points;
      }
      request.addResourceMetrics(
          ResourceMetrics.newBuilder().setResource(resources.next(i)).addScopeMetrics(scope));
    }
    return request.build().toByteArray();
  }

  private Metric metric(int number, int points) {
    return switch (number % 4) {
      case 0 -> histogram(points);
      case 1 -> gauge(points);
      default -> sum(points);
    };
  }

  private Metric sum(int points) {
    Sum.Builder sum = Sum.newBuilder().setIsMonotonic(true).setAggregationTemporality(cumulative());
    for (int i = 0; i < points; i++) {
      sum.addDataPoints(
          point().addAllAttributes(request()).setAsInt(values.below(50_000_000)).build());
    }
    return named("http.server.request.body.size", "By", "Size of HTTP server request bodies.")
        .setSum(sum)
        .build();
  }

  private Metric gauge(int points) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (int i = 0; i < points; i++) {
      gauge.addDataPoints(
          point()
              .addAttributes(SampleValues.text("jvm.memory.type", "heap"))
              .addAttributes(SampleValues.text("jvm.memory.pool.name", values.oneOf(POOLS)))
              .setAsDouble(values.value()));
    }
    return named("jvm.memory.used_after_last_gc", "By", "Memory used after the last collection.")
        .setGauge(gauge)
        .build();
  }

  private Metric histogram(int points) {
    Histogram.Builder histogram = Histogram.newBuilder().setAggregationTemporality(cumulative());
    for (int i = 0; i < points; i++) {
      HistogramDataPoint.Builder point =
          HistogramDataPoint.newBuilder()
              .setStartTimeUnixNano(SampleValues.minute() - 1_234_567_890L)
              .setTimeUnixNano(SampleValues.minute())
              .addAllAttributes(request())
              .addAllExplicitBounds(BOUNDS)
              .setSum(values.value())
              .setMin(0.001)
              .setMax(values.value());
      long count = 0;
      for (int bucket = 0; bucket <= BOUNDS.size(); bucket++) {
        long inBucket = values.below(1 + 4000 / (1 + bucket * bucket));
        count += inBucket;
        point.addBucketCounts(inBucket);
      }
      histogram.addDataPoints(point.setCount(count));
    }
    return named("http.server.request.duration", "s", "Duration of HTTP server requests.")
        .setHistogram(histogram)
        .build();
  }

  private static AggregationTemporality cumulative() {
    return AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
  }

  private static Metric.Builder named(String name, String unit, String description) {
    return Metric.newBuilder().setName(name).setUnit(unit).setDescription(description);
  }

  private static NumberDataPoint.Builder point() {
    return NumberDataPoint.newBuilder()
        .setStartTimeUnixNano(SampleValues.minute() - 1_234_567_890L)
        .setTimeUnixNano(SampleValues.minute());
  }

  private List<KeyValue> request() {
    return Arrays.asList(
        SampleValues.text("http.request.method", values.oneOf(METHODS)),
        SampleValues.text("http.route", values.oneOf(ROUTES)),
        SampleValues.text("http.response.status_code", values.oneOf(STATUSES)),
        SampleValues.text("url.scheme", "https"));
  }
}
