/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;

/** Makes encoded log requests: what services write, 360 bytes a record. */
final class SampleLogs {

  private static final int LOGS_OF_A_REQUEST = 4;
  private static final String[] STATES = {"CREATED", "PAID", "PICKED", "SHIPPED", "RETURNED"};
  private static final String[] LOGGERS = {
    "com.example.shop.orders.OrderService",
    "com.example.shop.orders.OrderRepository",
    "com.example.shop.http.AccessLog",
    "com.example.shop.kafka.EventPublisher"
  };

  private final SampleValues values;
  private final SampleResources resources;
  private ByteString trace = ByteString.EMPTY;
  private String request = "";
  private int logs;

  SampleLogs(SampleValues values) {
    this.values = values;
    this.resources = new SampleResources(values);
  }

  /** Returns the next request, an encoded {@code ExportLogsServiceRequest}. */
  byte[] next(int records) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    for (int i = 0; i < SampleResources.COUNT; i++) {
      ScopeLogs.Builder scope =
          ScopeLogs.newBuilder()
              .setScope(InstrumentationScope.newBuilder().setName(values.oneOf(LOGGERS)));
      for (int log = SampleResources.recordsOf(records, i); log > 0; log--) {
        scope.addLogRecords(record());
      }
      request.addResourceLogs(
          ResourceLogs.newBuilder().setResource(resources.next(i)).addScopeLogs(scope));
    }
    return request.build().toByteArray();
  }

  private LogRecord record() {
    if (logs++ % LOGS_OF_A_REQUEST == 0) {
      trace = values.identifier(16);
      request = values.uuid();
    }
    long time = values.time();
    boolean warns = values.oneIn(20);
    return LogRecord.newBuilder()
        .setTimeUnixNano(time)
        .setObservedTimeUnixNano(time + values.below(1_000_000))
        .setSeverityNumber(
            warns ? SeverityNumber.SEVERITY_NUMBER_WARN : SeverityNumber.SEVERITY_NUMBER_INFO)
        .setSeverityText(warns ? "WARN" : "INFO")
        .setBody(AnyValue.newBuilder().setStringValue(warns ? warning() : message()))
        .addAttributes(SampleValues.text("thread.name", "http-nio-8080-exec-" + values.below(200)))
        .addAttributes(SampleValues.text("code.function.name", values.oneOf(LOGGERS) + ".handle"))
        .addAttributes(SampleValues.number("code.line.number", 20 + values.below(400)))
        .addAttributes(SampleValues.text("request.id", request))
        .setTraceId(trace)
        .setSpanId(values.identifier(8))
        .setFlags(1)
        .build();
  }

  private String message() {
    return switch (values.below(3)) {
      case 0 ->
          "Order %s of customer %d is %s after %d ms, total %d.%02d EUR"
              .formatted(
                  values.hex(12),
                  values.below(1_000_000),
                  values.oneOf(STATES),
                  values.below(900),
                  values.below(2_000),
                  values.below(100));
      case 1 ->
          "%s - \"GET /api/orders/%s HTTP/1.1\" 200 %d %d ms user=%d"
              .formatted(
                  values.address(),
                  values.hex(12),
                  values.below(40_000),
                  values.below(300),
                  values.below(1_000_000));
      default ->
          "Published event order.%s key=%s partition=%d offset=%d"
              .formatted(
                  values.oneOf(STATES), values.hex(16), values.below(48), values.below(90_000_000));
    };
  }

  private String warning() {
    return "Call to inventory at %s:8443 took %d ms, more than the limit of 500 ms; attempt %d of 3"
        .formatted(values.address(), 500 + values.below(4000), 1 + values.below(3));
  }
}
