/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.otlp.Signal;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/**
 * A record as one line for people: time, signal, service, what it says, attributes.
 *
 * <pre>
 * 2026-01-02T03:04:05.678Z traces  shop SERVER "GET /cart" 12.500ms trace=5b8e… span=eee1… http.status=200
 * 2026-01-02T03:04:05.678Z logs    shop WARN cart is empty user=7
 * 2026-01-02T03:04:05.678Z metrics shop requests=17 1 route=/cart
 * </pre>
 */
final class RecordText {
  private static final List<String> DATA =
      List.of("gauge", "sum", "histogram", "exponentialHistogram", "summary");
  private static final List<String> KINDS =
      List.of("UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");
  private static final List<String> SEVERITIES =
      List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL");
  private static final int STATUS_ERROR = 2;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final StringBuilder line = new StringBuilder(200);

  private RecordText() {}

  static String of(Signal signal, JsonNode record) {
    RecordText text = new RecordText();
    switch (signal) {
      case TRACES -> text.span(record);
      case METRICS -> text.metric(record);
      case LOGS -> text.log(record);
    }
    return text.line.toString();
  }

  private void span(JsonNode span) {
    begin(time(span.path("startTimeUnixNano")), "traces  ", span);
    int kind = span.path("kind").asInt();
    add(kind > 0 && kind < KINDS.size() ? KINDS.get(kind) : "");
    add(AnyValueText.quoted(span.path("name").asText()));
    long nanos = nanos(span.path("endTimeUnixNano")) - nanos(span.path("startTimeUnixNano"));
    add(BigDecimal.valueOf(nanos / 1000, 3).toPlainString() + "ms");
    JsonNode status = span.path("status");
    if (status.path("code").asInt() == STATUS_ERROR) {
      add("ERROR");
      add(AnyValueText.escaped(status.path("message").asText()));
    }
    ids(span);
    attributes(span.path("attributes"));
  }

  private void log(JsonNode log) {
    JsonNode time = log.path("timeUnixNano");
    begin(time(nanos(time) == 0 ? log.path("observedTimeUnixNano") : time), "logs    ", log);
    String severity = log.path("severityText").asText();
    add(
        severity.isEmpty()
            ? severity(log.path("severityNumber").asInt())
            : AnyValueText.escaped(severity));
    add(AnyValueText.escaped(log.path("eventName").asText()));
    add(AnyValueText.escaped(AnyValueText.of(log.path("body"))));
    ids(log);
    attributes(log.path("attributes"));
  }

  private void metric(JsonNode metric) {
    JsonNode point = point(metric);
    begin(time(point.path("timeUnixNano")), "metrics ", metric);
    add(AnyValueText.escaped(metric.path("name").asText()) + "=" + value(point));
    add(AnyValueText.escaped(metric.path("unit").asText()));
    attributes(point.path("attributes"));
  }

  private static JsonNode point(JsonNode metric) {
    return DATA.stream()
        .map(metric::path)
        .filter(JsonNode::isObject)
        .findFirst()
        .map(data -> data.path("dataPoints").path(0))
        .orElse(metric.path("dataPoints"));
  }

  private static String value(JsonNode point) {
    if (point.has("asInt") || point.has("asDouble")) {
      return point.path(point.has("asInt") ? "asInt" : "asDouble").asText();
    }
    String count = "count:" + point.path("count").asText("0");
    return point.has("sum") ? count + ",sum:" + point.path("sum").asText() : count;
  }

  private void begin(String time, String signal, JsonNode record) {
    line.append(time).append(' ').append(signal);
    String service = "-";
    for (JsonNode attribute : record.path("resource").path("attributes")) {
      if (attribute.path("key").asText().equals("service.name")) {
        service = AnyValueText.escaped(AnyValueText.of(attribute.path("value")));
      }
    }
    line.append(service);
  }

  private void ids(JsonNode record) {
    String trace = record.path("traceId").asText();
    if (!trace.isEmpty()) {
      add("trace=" + trace);
      add("span=" + record.path("spanId").asText());
    }
  }

  private void attributes(JsonNode attributes) {
    for (JsonNode attribute : attributes) {
      String key = AnyValueText.escaped(attribute.path("key").asText());
      add(key + "=" + AnyValueText.quoted(AnyValueText.of(attribute.path("value"))));
    }
  }

  private void add(String word) {
    if (!word.isEmpty()) {
      line.append(' ').append(word);
    }
  }

  private static long nanos(JsonNode number) {
    return number.isMissingNode() ? 0 : Long.parseUnsignedLong(number.asText());
  }

  /** Zero is unknown in OTLP, and not the year 1970. */
  private static String time(JsonNode unixNano) {
    long nanos = nanos(unixNano);
    if (nanos == 0) {
      return "-";
    }
    return Instant.ofEpochSecond(
            Long.divideUnsigned(nanos, NANOS_PER_SECOND),
            Long.remainderUnsigned(nanos, NANOS_PER_SECOND))
        .toString();
  }

  /** Severity numbers come in groups of four. */
  private static String severity(int number) {
    int group = (number - 1) / 4;
    return number > 0 && group < SEVERITIES.size() ? SEVERITIES.get(group) : "";
  }
}
