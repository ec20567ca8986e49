/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;

/** Export requests of a given number of records, all below one resource. */
public final class Telemetry {
  private static final ByteString ID = ByteString.copyFrom(new byte[16]);

  private Telemetry() {}

  /** Spans of about 400 bytes. */
  public static ExportTraceServiceRequest spans(int count) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 0; i < count; i++) {
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(ID)
              .setSpanId(ID.substring(8))
              .setName("GET /orders/{id}")
              .setStartTimeUnixNano(1_700_000_000_000_000_000L + i)
              .setEndTimeUnixNano(1_700_000_000_000_100_000L + i)
              .addAttributes(attribute("http.request.method", "GET"))
              .addAttributes(attribute("url.full", "https://shop.example.com/orders/" + i))
              .addAttributes(attribute("server.address", "orders.shop.svc.cluster.local"))
              .addAttributes(attribute("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64)"))
              .addAttributes(attribute("client.address", "10.42.17." + i % 256))
              .addAttributes(attribute("thread.name", "http-nio-8080-exec-" + i % 32)));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().setResource(resource()).addScopeSpans(scope))
        .build();
  }

  /** Points of one gauge. */
  public static ExportMetricsServiceRequest points(int count) {
    Gauge.Builder gauge = Gauge.newBuilder();
    for (int i = 0; i < count; i++) {
      gauge.addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(i + 1L).setAsDouble(i));
    }
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .setResource(resource())
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(Metric.newBuilder().setName("queue.length").setGauge(gauge))))
        .build();
  }

  /** Log records with a short body. */
  public static ExportLogsServiceRequest records(int count) {
    ScopeLogs.Builder scope = ScopeLogs.newBuilder();
    for (int i = 0; i < count; i++) {
      scope.addLogRecords(
          LogRecord.newBuilder()
              .setTimeUnixNano(i + 1L)
              .setBody(AnyValue.newBuilder().setStringValue("order " + i + " shipped")));
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(ResourceLogs.newBuilder().setResource(resource()).addScopeLogs(scope))
        .build();
  }

  private static Resource resource() {
    return Resource.newBuilder()
        .addAttributes(attribute("service.name", "orders"))
        .addAttributes(attribute("k8s.namespace.name", "shop"))
        .build();
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
