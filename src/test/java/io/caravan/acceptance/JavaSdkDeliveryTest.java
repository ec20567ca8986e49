/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The OpenTelemetry Java SDK through Caravan to a real Collector. */
@ExtendWith(DeliveryMatrixExtension.class)
class JavaSdkDeliveryTest {

  @ParameterizedTest
  @CsvSource({"GRPC, gzip", "GRPC, none", "HTTP, gzip", "HTTP, none"})
  void shouldDeliverEverySpanOnceAndUnchanged(
      Exporters exporters, String compression, DeliveryMatrix matrix) {
    String service = "java-spans-" + exporters + "-" + compression;

    JavaSdk.emitSpans(
        service,
        1_000,
        SpanExporter.composite(
            exporters.spans(endpoint(exporters, matrix), compression),
            Exporters.GRPC.spans(matrix.direct().grpc(), "none")));

    matrix.assertDeliveredAsSentDirectly(service, 1_000);
  }

  @ParameterizedTest
  @CsvSource({"GRPC, gzip", "GRPC, none", "HTTP, gzip", "HTTP, none"})
  void shouldDeliverEveryLogRecordOnceAndUnchanged(
      Exporters exporters, String compression, DeliveryMatrix matrix) {
    String service = "java-logs-" + exporters + "-" + compression;

    JavaSdk.emitLogs(
        service,
        1_000,
        LogRecordExporter.composite(
            exporters.logs(endpoint(exporters, matrix), compression),
            Exporters.GRPC.logs(matrix.direct().grpc(), "none")));

    matrix.assertDeliveredAsSentDirectly(service, 1_000);
  }

  @ParameterizedTest
  @CsvSource({"GRPC, gzip", "GRPC, none", "HTTP, gzip", "HTTP, none"})
  void shouldDeliverEveryDataPointOnceAndUnchanged(
      Exporters exporters, String compression, DeliveryMatrix matrix) {
    String service = "java-metrics-" + exporters + "-" + compression;

    JavaSdk.emitMetrics(
        service,
        300,
        new BothMetricExporters(
            exporters.metrics(endpoint(exporters, matrix), compression),
            Exporters.GRPC.metrics(matrix.direct().grpc(), "none")));

    matrix.assertDeliveredAsSentDirectly(service, 900);
  }

  private static String endpoint(Exporters exporters, DeliveryMatrix matrix) {
    return switch (exporters) {
      case GRPC -> matrix.caravan().grpc();
      case HTTP -> matrix.caravan().http();
    };
  }
}
