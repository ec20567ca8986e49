/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/**
 * The Java SDK's exporters over one protocol to one place. None of them retries, so that a refused
 * request is seen.
 */
enum Exporters {
  GRPC {
    @Override
    SpanExporter spans(String endpoint, String compression) {
      return OtlpGrpcSpanExporter.builder()
          .setEndpoint(endpoint)
          .setCompression(compression)
          .setRetryPolicy(null)
          .build();
    }

    @Override
    LogRecordExporter logs(String endpoint, String compression) {
      return OtlpGrpcLogRecordExporter.builder()
          .setEndpoint(endpoint)
          .setCompression(compression)
          .setRetryPolicy(null)
          .build();
    }

    @Override
    MetricExporter metrics(String endpoint, String compression) {
      return OtlpGrpcMetricExporter.builder()
          .setEndpoint(endpoint)
          .setCompression(compression)
          .setRetryPolicy(null)
          .build();
    }
  },
  HTTP {
    @Override
    SpanExporter spans(String endpoint, String compression) {
      return OtlpHttpSpanExporter.builder()
          .setEndpoint(endpoint + "/v1/traces")
          .setCompression(compression)
          .setRetryPolicy(null)
          .build();
    }

    @Override
    LogRecordExporter logs(String endpoint, String compression) {
      return OtlpHttpLogRecordExporter.builder()
          .setEndpoint(endpoint + "/v1/logs")
          .setCompression(compression)
          .setRetryPolicy(null)
          .build();
    }

    @Override
    MetricExporter metrics(String endpoint, String compression) {
      return OtlpHttpMetricExporter.builder()
          .setEndpoint(endpoint + "/v1/metrics")
          .setCompression(compression)
          .setRetryPolicy(null)
          .build();
    }
  };

  /** {@code compression} is {@code gzip} or {@code none}; the endpoint has no path. */
  abstract SpanExporter spans(String endpoint, String compression);

  abstract LogRecordExporter logs(String endpoint, String compression);

  abstract MetricExporter metrics(String endpoint, String compression);
}
