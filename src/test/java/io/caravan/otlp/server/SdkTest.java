/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The receiver as the OpenTelemetry SDK for Java sees it, with gzip. */
@ExtendWith(NoLeaks.class)
class SdkTest {
  private final Receiving receiving = new Receiving();
  private OtlpServer server;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(new ServerSettings("127.0.0.1", 0, 0, 64 << 20), receiving);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String grpc() {
    return "http://127.0.0.1:" + server.grpcPort();
  }

  private String http(Signal signal) {
    return "http://127.0.0.1:" + server.httpPort() + signal.httpPath();
  }

  private int records(Signal signal) {
    return receiving.received().stream()
        .filter(one -> one.signal() == signal)
        .mapToInt(Receiving.Received::records)
        .sum();
  }

  @Test
  void shouldTakeTracesOverBothProtocols() {
    sendSpans(OtlpGrpcSpanExporter.builder().setEndpoint(grpc()).setCompression("gzip").build());
    sendSpans(
        OtlpHttpSpanExporter.builder()
            .setEndpoint(http(Signal.TRACES))
            .setCompression("gzip")
            .build());

    assertThat(records(Signal.TRACES)).isEqualTo(2000);
  }

  private static void sendSpans(SpanExporter exporter) {
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      for (int i = 0; i < 1000; i++) {
        provider
            .get("test")
            .spanBuilder("span")
            .setAttribute(AttributeKey.longKey("i"), (long) i)
            .startSpan()
            .end();
      }
      assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  @Test
  void shouldTakeLogsOverBothProtocols() {
    sendLog(OtlpGrpcLogRecordExporter.builder().setEndpoint(grpc()).setCompression("gzip").build());
    sendLog(
        OtlpHttpLogRecordExporter.builder()
            .setEndpoint(http(Signal.LOGS))
            .setCompression("gzip")
            .build());

    assertThat(records(Signal.LOGS)).isEqualTo(2);
  }

  private static void sendLog(LogRecordExporter exporter) {
    try (SdkLoggerProvider provider =
        SdkLoggerProvider.builder()
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
            .build()) {
      provider.get("test").logRecordBuilder().setBody("hello").emit();
      assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  @Test
  void shouldTakeMetricsOverBothProtocols() {
    sendPoint(OtlpGrpcMetricExporter.builder().setEndpoint(grpc()).setCompression("gzip").build());
    sendPoint(
        OtlpHttpMetricExporter.builder()
            .setEndpoint(http(Signal.METRICS))
            .setCompression("gzip")
            .build());

    assertThat(records(Signal.METRICS)).isGreaterThanOrEqualTo(2);
  }

  private static void sendPoint(MetricExporter exporter) {
    try (SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .registerMetricReader(PeriodicMetricReader.create(exporter))
            .build()) {
      provider.get("test").counterBuilder("orders").build().add(1);
      assertThat(provider.forceFlush().join(10, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }
}
