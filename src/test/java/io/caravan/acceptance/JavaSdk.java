/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static io.opentelemetry.api.common.AttributeKey.longKey;
import static io.opentelemetry.api.common.AttributeKey.stringArrayKey;
import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.BatchLogRecordProcessor;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that use the OpenTelemetry Java SDK: each emits records of one signal and ends. */
final class JavaSdk {
  private static final String SCOPE = "shop";

  private JavaSdk() {}

  /** Ends this many spans, a child in each second one, and exports them in batches of 100. */
  static void emitSpans(String service, int spans, SpanExporter exporter) {
    BatchSpanProcessor processor =
        BatchSpanProcessor.builder(exporter)
            .setMaxExportBatchSize(100)
            .setMaxQueueSize(Math.max(spans, 100))
            .build();
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(resource(service))
            .addSpanProcessor(processor)
            .build();
    Tracer tracer = provider.tracerBuilder(SCOPE).setInstrumentationVersion("1.2.3").build();
    for (int i = 0; i < spans; i++) {
      Span span =
          tracer
              .spanBuilder("order " + i)
              .setSpanKind(SpanKind.SERVER)
              .setAttribute(longKey("order.id"), (long) i)
              .setAttribute(stringArrayKey("order.items"), List.of("bread", "größe"))
              .startSpan();
      span.addEvent("paid", Attributes.of(stringKey("by"), "card"));
      span.addLink(span.getSpanContext(), Attributes.of(stringKey("kind"), "self"));
      span.setStatus(i % 2 == 0 ? StatusCode.OK : StatusCode.ERROR, "no \"bread\"");
      span.end();
    }
    ended(provider.shutdown());
  }

  /** Emits this many log records with structured bodies, in batches of 100. */
  static void emitLogs(String service, int records, LogRecordExporter exporter) {
    BatchLogRecordProcessor processor =
        BatchLogRecordProcessor.builder(exporter)
            .setMaxExportBatchSize(100)
            .setMaxQueueSize(Math.max(records, 100))
            .build();
    SdkLoggerProvider provider =
        SdkLoggerProvider.builder()
            .setResource(resource(service))
            .addLogRecordProcessor(processor)
            .build();
    for (int i = 0; i < records; i++) {
      provider
          .get(SCOPE)
          .logRecordBuilder()
          .setSeverity(Severity.WARN)
          .setSeverityText("WARN")
          .setBody("order " + i + "\nis late")
          .setAttribute(longKey("order.id"), (long) i)
          .emit();
    }
    ended(provider.shutdown());
  }

  /** Exports a sum, a histogram and a gauge with this many data points each, once. */
  static void emitMetrics(String service, int points, MetricExporter exporter) {
    SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .setResource(resource(service))
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofHours(1)).build())
            .build();
    var meter = provider.get(SCOPE);
    var orders = meter.counterBuilder("orders").setUnit("{order}").build();
    var duration = meter.histogramBuilder("duration").setUnit("s").build();
    var stock = meter.gaugeBuilder("stock").build();
    for (int i = 0; i < points; i++) {
      Attributes attributes = Attributes.of(longKey("order.id"), (long) i);
      orders.add(i, attributes);
      duration.record(i / 10.0, attributes);
      stock.set(i / 3.0, attributes);
    }
    ended(provider.shutdown());
  }

  private static Resource resource(String service) {
    return Resource.getDefault()
        .merge(
            Resource.create(
                Attributes.of(
                    stringKey("service.name"), service, stringKey("k8s.namespace.name"), "shop")));
  }

  /** That the SDK has ended; what became of its exports only the receiver tells. */
  private static void ended(CompletableResultCode result) {
    if (!result.join(30, TimeUnit.SECONDS).isSuccess()) {
      throw new IllegalStateException("the SDK did not end", result.getFailureThrowable());
    }
  }
}
