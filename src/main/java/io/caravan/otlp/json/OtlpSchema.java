/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.io.SerializedString;
import io.caravan.otlp.Signal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The messages of OTLP 1.11.0 as tables. Source: the .proto files of opentelemetry-proto, to which
 * a test compares them.
 *
 * <p>A line that is not indented names a message, or an enum with the prefix and the names of its
 * values from 0. Below a message stand its fields: number, JSON name, type. {@code *} is repeated,
 * {@code ?} optional, {@code |} a member of the message's oneof.
 */
final class OtlpSchema {
  private static final String TABLES =
      """
      enum SpanKind SPAN_KIND_ UNSPECIFIED INTERNAL SERVER CLIENT PRODUCER CONSUMER
      enum StatusCode STATUS_CODE_ UNSET OK ERROR
      enum AggregationTemporality AGGREGATION_TEMPORALITY_ UNSPECIFIED DELTA CUMULATIVE
      enum SeverityNumber SEVERITY_NUMBER_ UNSPECIFIED TRACE TRACE2 TRACE3 TRACE4 DEBUG DEBUG2 \
          DEBUG3 DEBUG4 INFO INFO2 INFO3 INFO4 WARN WARN2 WARN3 WARN4 ERROR ERROR2 ERROR3 ERROR4 \
          FATAL FATAL2 FATAL3 FATAL4

      Resource
        1 attributes KeyValue*
        2 droppedAttributesCount uint32
        3 entityRefs EntityRef*
      EntityRef
        1 schemaUrl string
        2 type string
        3 idKeys string*
        4 descriptionKeys string*
      InstrumentationScope
        1 name string
        2 version string
        3 attributes KeyValue*
        4 droppedAttributesCount uint32
      KeyValue
        1 key string
        2 value AnyValue
        3 keyStrindex int32
      AnyValue
        1 stringValue string|
        2 boolValue bool|
        3 intValue int64|
        4 doubleValue double|
        5 arrayValue ArrayValue|
        6 kvlistValue KeyValueList|
        7 bytesValue bytes|
        8 stringValueStrindex int32|
      ArrayValue
        1 values AnyValue*
      KeyValueList
        1 values KeyValue*

      ExportTraceServiceRequest
        1 resourceSpans ResourceSpans*
      ResourceSpans
        1 resource Resource
        2 scopeSpans ScopeSpans*
        3 schemaUrl string
      ScopeSpans
        1 scope InstrumentationScope
        2 spans Span*
        3 schemaUrl string
      Span
        1 traceId trace_id
        2 spanId span_id
        3 traceState string
        4 parentSpanId span_id
        5 name string
        6 kind SpanKind
        7 startTimeUnixNano fixed64
        8 endTimeUnixNano fixed64
        9 attributes KeyValue*
        10 droppedAttributesCount uint32
        11 events Event*
        12 droppedEventsCount uint32
        13 links Link*
        14 droppedLinksCount uint32
        15 status Status
        16 flags fixed32
      Event
        1 timeUnixNano fixed64
        2 name string
        3 attributes KeyValue*
        4 droppedAttributesCount uint32
      Link
        1 traceId trace_id
        2 spanId span_id
        3 traceState string
        4 attributes KeyValue*
        5 droppedAttributesCount uint32
        6 flags fixed32
      Status
        2 message string
        3 code StatusCode

      ExportLogsServiceRequest
        1 resourceLogs ResourceLogs*
      ResourceLogs
        1 resource Resource
        2 scopeLogs ScopeLogs*
        3 schemaUrl string
      ScopeLogs
        1 scope InstrumentationScope
        2 logRecords LogRecord*
        3 schemaUrl string
      LogRecord
        1 timeUnixNano fixed64
        2 severityNumber SeverityNumber
        3 severityText string
        5 body AnyValue
        6 attributes KeyValue*
        7 droppedAttributesCount uint32
        8 flags fixed32
        9 traceId trace_id
        10 spanId span_id
        11 observedTimeUnixNano fixed64
        12 eventName string

      ExportMetricsServiceRequest
        1 resourceMetrics ResourceMetrics*
      ResourceMetrics
        1 resource Resource
        2 scopeMetrics ScopeMetrics*
        3 schemaUrl string
      ScopeMetrics
        1 scope InstrumentationScope
        2 metrics Metric*
        3 schemaUrl string
      Metric
        1 name string
        2 description string
        3 unit string
        5 gauge Gauge|
        7 sum Sum|
        9 histogram Histogram|
        10 exponentialHistogram ExponentialHistogram|
        11 summary Summary|
        12 metadata KeyValue*
      Gauge
        1 dataPoints NumberDataPoint*
      Sum
        1 dataPoints NumberDataPoint*
        2 aggregationTemporality AggregationTemporality
        3 isMonotonic bool
      Histogram
        1 dataPoints HistogramDataPoint*
        2 aggregationTemporality AggregationTemporality
      ExponentialHistogram
        1 dataPoints ExponentialHistogramDataPoint*
        2 aggregationTemporality AggregationTemporality
      Summary
        1 dataPoints SummaryDataPoint*
      NumberDataPoint
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 asDouble double|
        5 exemplars Exemplar*
        6 asInt sfixed64|
        7 attributes KeyValue*
        8 flags uint32
      Exemplar
        2 timeUnixNano fixed64
        3 asDouble double|
        4 spanId span_id
        5 traceId trace_id
        6 asInt sfixed64|
        7 filteredAttributes KeyValue*
      HistogramDataPoint
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 count fixed64
        5 sum double?
        6 bucketCounts fixed64*
        7 explicitBounds double*
        8 exemplars Exemplar*
        9 attributes KeyValue*
        10 flags uint32
        11 min double?
        12 max double?
      ExponentialHistogramDataPoint
        1 attributes KeyValue*
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 count fixed64
        5 sum double?
        6 scale sint32
        7 zeroCount fixed64
        8 positive Buckets
        9 negative Buckets
        10 flags uint32
        11 exemplars Exemplar*
        12 min double?
        13 max double?
        14 zeroThreshold double
      Buckets
        1 offset sint32
        2 bucketCounts uint64*
      SummaryDataPoint
        2 startTimeUnixNano fixed64
        3 timeUnixNano fixed64
        4 count fixed64
        5 sum double
        6 quantileValues ValueAtQuantile*
        7 attributes KeyValue*
        8 flags uint32
      ValueAtQuantile
        1 quantile double
        2 value double
      """;

  private static final Map<String, MessageType> MESSAGES = new LinkedHashMap<>();

  static {
    Map<String, Map<String, Integer>> enums = new HashMap<>();
    MessageType message = MessageType.NONE;
    for (String line : TABLES.lines().toList()) {
      String[] words = line.strip().split("\\s+", -1);
      if (words[0].equals("enum")) {
        enums.put(words[1], numbers(words));
      } else if (words.length == 1 && !words[0].isEmpty()) {
        message = message(words[0]);
      } else if (words.length == 3) {
        message.add(field(Integer.parseInt(words[0]), words[1], words[2], enums));
      }
    }
  }

  private OtlpSchema() {}

  /** The message of that name; its fields may be added later. */
  static MessageType message(String name) {
    return MESSAGES.computeIfAbsent(name, MessageType::new);
  }

  /** The request of a signal. */
  static MessageType request(Signal signal) {
    return message(
        switch (signal) {
          case TRACES -> "ExportTraceServiceRequest";
          case METRICS -> "ExportMetricsServiceRequest";
          case LOGS -> "ExportLogsServiceRequest";
        });
  }

  static Map<String, MessageType> messages() {
    return MESSAGES;
  }

  private static Map<String, Integer> numbers(String[] words) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (int i = 3; i < words.length; i++) {
      numbers.put(words[2] + words[i], i - 3);
    }
    return numbers;
  }

  private static OtlpField field(
      int number, String name, String declared, Map<String, Map<String, Integer>> enums) {
    char mark = declared.charAt(declared.length() - 1);
    String type =
        Character.isLetterOrDigit(mark) ? declared : declared.substring(0, declared.length() - 1);
    boolean isEnum = enums.containsKey(type);
    boolean isMessage = Character.isUpperCase(type.charAt(0)) && !isEnum;
    Presence presence =
        switch (mark) {
          case '*' -> Presence.REPEATED;
          case '?' -> Presence.EXPLICIT;
          case '|' -> Presence.ONEOF;
          default -> isMessage ? Presence.EXPLICIT : Presence.IMPLICIT;
        };
    return new OtlpField(
        number,
        new SerializedString(name),
        isEnum
            ? FieldType.ENUM
            : isMessage ? FieldType.MESSAGE : FieldType.valueOf(type.toUpperCase(Locale.ROOT)),
        presence,
        isMessage ? message(type) : MessageType.NONE,
        enums.getOrDefault(type, Map.of()));
  }
}
