/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Pieces;
import io.caravan.otlp.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OtlpJsonTest {
  private static final String TRACE_ID = "5b8efff798038103d269b633813fc60c";

  @ParameterizedTest
  @ValueSource(
      strings = {TRACE_ID, "5B8EFFF798038103D269B633813FC60C", "5b8EFFF798038103d269B633813fc60C"})
  void j01ShouldReadHexIdsInAnyCase(String id) throws Exception {
    assertThat(span("\"traceId\":\"" + id + "\"").getTraceId())
        .isEqualTo(ByteString.fromHex(TRACE_ID));
  }

  @ParameterizedTest
  @ValueSource(strings = {"W47/95gDgQPSabYzgT/GDA==", "5b8e", "zz8efff798038103d269b633813fc60c"})
  void j02ShouldRefuseAnIdThatIsNotHexOfItsLength(String id) {
    assertRefused("\"traceId\":\"" + id + "\"", "/spans/0/traceId", "32 hexadecimal digits");
  }

  @Test
  void j03ShouldReadAnEnumByName() throws Exception {
    assertThat(span("\"kind\":\"SPAN_KIND_SERVER\"").getKind())
        .isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertRefused("\"kind\":\"SERVER\"", "one of SPAN_KIND_UNSPECIFIED");
  }

  @Test
  void j04ShouldReadAnEnumByNumber() throws Exception {
    assertThat(span("\"kind\":2").getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
    assertThat(span("\"kind\":99").getKindValue()).isEqualTo(99);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1544712660000000001", "\"1544712660000000001\""})
  void j05ShouldReadA64BitIntegerAsStringAndAsNumber(String number) throws Exception {
    assertThat(span("\"startTimeUnixNano\":" + number).getStartTimeUnixNano())
        .isEqualTo(1544712660000000001L);
  }

  @ParameterizedTest
  @CsvSource({
    "18446744073709551615, -1",
    "1e3, 1000",
    "7.0, 7",
    "0e999999999, 0",
  })
  void j05ShouldReadEveryNotationOfAnInteger(String number, long expected) throws Exception {
    assertThat(span("\"startTimeUnixNano\":" + number).getStartTimeUnixNano()).isEqualTo(expected);
    assertThat(span("\"startTimeUnixNano\":\"" + number + "\"").getStartTimeUnixNano())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"18446744073709551616", "-1", "1.5", "1e999999999", "1e-999999999", "\"x\"", "{}"})
  void j05ShouldRefuseWhatIsNoIntegerOfItsType(String number) {
    assertRefused("\"startTimeUnixNano\":" + number, "an unsigned 64-bit integer");
  }

  @Test
  void j06ShouldIgnoreUnknownKeysAtEveryLevel() throws Exception {
    String unknown = "\"unknown\":{\"a\":[1,{\"b\":null}]},";
    String json =
        ("{U\"resourceSpans\":[{U\"resource\":{U\"attributes\":[{U\"key\":\"k\",\"value\":{U\"intValue\":1}}]},"
                + "\"scopeSpans\":[{U\"spans\":[{U\"name\":\"n\",\"status\":{U\"code\":2}}]}]}]}")
            .replace("U", unknown);

    ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(toProtobuf(json));

    Span span = request.getResourceSpans(0).getScopeSpans(0).getSpans(0);
    assertThat(span.getName()).isEqualTo("n");
    assertThat(span.getStatus().getCodeValue()).isEqualTo(2);
    assertThat(request.getResourceSpans(0).getResource().getAttributes(0).getValue().getIntValue())
        .isEqualTo(1);
  }

  @Test
  void j07ShouldReadSnakeCaseKeys() throws Exception {
    byte[] protobuf =
        toProtobuf(
            "{\"resource_spans\":[{\"scope_spans\":[{\"spans\":[{\"trace_id\":\""
                + TRACE_ID
                + "\",\"dropped_attributes_count\":3}]}]}]}");

    Span span =
        ExportTraceServiceRequest.parseFrom(protobuf)
            .getResourceSpans(0)
            .getScopeSpans(0)
            .getSpans(0);
    assertThat(span.getTraceId()).isEqualTo(ByteString.fromHex(TRACE_ID));
    assertThat(span.getDroppedAttributesCount()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+/8=", "+/8", "-_8=", "-_8"})
  void j08ShouldReadBytesAsBase64(String base64) throws Exception {
    assertThat(value("{\"bytesValue\":\"" + base64 + "\"}").getBytesValue())
        .isEqualTo(ByteString.fromHex("fbff"));
  }

  @Test
  void j08ShouldRefuseBytesThatAreNotBase64() {
    assertThatThrownBy(() -> value("{\"bytesValue\":\"%\"}"))
        .hasMessageContainingAll("expected base64", "/attributes/0/value/bytesValue");
  }

  @Test
  void j09ShouldRefuseMoreObjectsAndLongerStringsThanAnybodySends() {
    String objects = "{\"resourceSpans\":[" + "{},".repeat(1 << 22) + "{}]}";
    String text = "{\"resourceSpans\":[{\"schemaUrl\":\"" + "x".repeat((16 << 20) + 1) + "\"}]}";

    assertThatThrownBy(() -> toProtobuf(objects)).hasMessageContaining("4194304 objects");
    assertThatThrownBy(() -> toProtobuf(text)).hasMessageContaining("String value length");
  }

  @Test
  void j09ShouldReadAndWriteValuesNested64Deep() throws Exception {
    String value = nested(64);

    byte[] protobuf = toProtobuf(attribute(value));

    assertThat(toJson(protobuf)).contains(value);
  }

  @Test
  void j09ShouldRefuseADepthBombWithoutExhaustingTheStack() {
    assertThatThrownBy(() -> value(nested(10_000)))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> toProtobuf("{\"unknown\":" + "[".repeat(10_000)))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void j09ShouldRefuseADepthBombInProtobuf() {
    ByteString bytes = ByteString.EMPTY;
    for (int i = 0; i < 1000; i++) {
      bytes = field(5, field(1, bytes));
    }
    byte[] request = field(1, field(2, field(2, field(9, field(2, bytes))))).toByteArray();

    assertThatThrownBy(() -> toJson(request))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("nested deeper");
  }

  @ParameterizedTest
  @CsvSource({
    "'\"NaN\"', NaN",
    "'\"Infinity\"', Infinity",
    "'\"-Infinity\"', -Infinity",
    "'\"1.5\"', 1.5",
    "-2.5e-3, -0.0025",
    "3, 3.0"
  })
  void j10ShouldReadDoubles(String json, Double expected) throws Exception {
    assertThat(value("{\"doubleValue\":" + json + "}").getDoubleValue()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"NaN", "1e999", "\"1e999\"", "\"0x1p3\"", "\" 1\"", "true", "\"1f\""})
  void j10ShouldRefuseWhatIsNoDouble(String json) {
    assertThatThrownBy(() -> value("{\"doubleValue\":" + json + "}"))
        .isInstanceOf(MalformedOtlpException.class);
  }

  @Test
  void j11ShouldTakeNullForAbsent() throws Exception {
    assertThat(
            toProtobuf(
                "{\"resourceSpans\":[{\"resource\":null,\"scopeSpans\":null,\"schemaUrl\":null}]}"))
        .isEqualTo(field(1, ByteString.EMPTY).toByteArray());
    assertThat(toProtobuf("{\"resourceSpans\":null}")).isEmpty();
    assertThat(
            value("{\"arrayValue\":{\"values\":[null,{\"intValue\":1}]}}")
                .getArrayValue()
                .getValuesCount())
        .isEqualTo(2);
  }

  @Test
  void j12ShouldWriteIdsAsLowerHexEnumsAsNumbersAndLongsAsStrings() throws Exception {
    String json =
        "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"n\",\"value\":{\"intValue\":\"-5\"}}]},"
            + "\"scopeSpans\":[{\"spans\":[{\"traceId\":\""
            + TRACE_ID
            + "\",\"spanId\":\"eee19b7ec3c1b174\",\"kind\":2,"
            + "\"startTimeUnixNano\":\"1544712660000000000\",\"droppedAttributesCount\":4294967295,"
            + "\"flags\":257}]}]}]}";

    assertThat(toJson(toProtobuf(json))).isEqualTo(json);
  }

  @Test
  void shouldWriteTextThatNeedsEscapingAndMendTextThatIsNotUtf8() throws Exception {
    ByteString name = ByteString.copyFrom(new byte[] {'a', (byte) 0xff, '\n', '"', 0});
    byte[] request = field(1, field(2, field(2, field(5, name)))).toByteArray();

    assertThat(toJson(request)).contains("\"name\":\"a\uFFFD\\n\\\"\\u0000\"");
  }

  @Test
  void shouldJoinWhatProtobufSplitsWithoutLosingDataPoints() throws Exception {
    // given: a gauge in two parts, bucket counts packed in pieces
    ByteString point = NumberDataPoint.newBuilder().setAsInt(7).build().toByteString();
    ByteString gauge = field(5, field(1, point));
    ByteString metric = field(1, ByteString.copyFromUtf8("m")).concat(gauge).concat(gauge);
    ByteString counts = field(6, ByteString.fromHex("0100000000000000"));
    ByteString histogram = field(9, field(1, counts.concat(counts)));
    byte[] request = field(1, field(2, field(2, metric).concat(field(2, histogram)))).toByteArray();

    // when
    byte[] back = toProtobuf(Signal.METRICS, toJson(Signal.METRICS, request));

    // then
    assertThat(ExportMetricsServiceRequest.parseFrom(back))
        .isEqualTo(ExportMetricsServiceRequest.parseFrom(request));
    assertThat(
            ExportMetricsServiceRequest.parseFrom(back)
                .getResourceMetrics(0)
                .getScopeMetrics(0)
                .getMetrics(0)
                .getGauge()
                .getDataPointsCount())
        .isEqualTo(2);
  }

  @Test
  void shouldReadUnpackedNumbersAndElementsThatStandApart() throws Exception {
    // given
    ByteString unpacked = ByteString.fromHex("310300000000000000");
    ByteString bounds = ByteString.fromHex("39000000000000f03f");
    ByteString point = unpacked.concat(bounds).concat(unpacked);
    byte[] request = field(1, field(2, field(2, field(9, field(1, point))))).toByteArray();

    // then
    assertThat(toJson(Signal.METRICS, request))
        .contains("\"bucketCounts\":[\"3\",\"3\"],\"explicitBounds\":[1.0]");
  }

  @Test
  void shouldBoundWhatJoiningPartsWithinPartsMayCost() {
    ByteString value = ByteString.copyFrom(new byte[2_000]);
    value = field(7, value);
    for (int i = 0; i < 30; i++) {
      ByteString array = field(1, value);
      value = field(5, array).concat(field(5, ByteString.EMPTY));
    }
    byte[] request = field(1, field(2, field(2, field(9, field(2, value))))).toByteArray();

    assertThatThrownBy(() -> toJson(request))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("come in parts");
  }

  @Test
  void shouldReplaceALoneSurrogate() throws Exception {
    assertThat(span("\"name\":\"a\\ud800b\\ud83d\\ude00\"").getName())
        .isEqualTo("a\uFFFDb\uD83D\uDE00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{} {}",
        "{\"resourceSpans\":{}}",
        "{\"resourceSpans\":[1]}",
        "{'a':1}",
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":5}]}]}]}"
      })
  void shouldRefuseWhatIsNoRequest(String json) {
    assertThatThrownBy(() -> toProtobuf(json))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("malformed OTLP/JSON at line 1, column ");
  }

  @Test
  void shouldSayLineColumnAndField() {
    assertThatThrownBy(
            () ->
                toProtobuf(
                    "{\"resourceSpans\":[\n  {\"scopeSpans\":[{\"spans\":[{\n    \"kind\": true}]}]}]}"))
        .hasMessage(
            "malformed OTLP/JSON at line 3, column 13, field"
                + " /resourceSpans/0/scopeSpans/0/spans/0/kind: expected a 32-bit integer, found a"
                + " boolean");
  }

  @Test
  void shouldReadLogsToo() throws Exception {
    byte[] protobuf =
        toProtobuf(
            Signal.LOGS,
            "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"severityNumber\":9,"
                + "\"body\":{\"stringValue\":\"\"},\"eventName\":\"e\"}]}]}]}");

    LogRecord log =
        ExportLogsServiceRequest.parseFrom(protobuf)
            .getResourceLogs(0)
            .getScopeLogs(0)
            .getLogRecords(0);
    assertThat(log.getBody().hasStringValue()).isTrue();
    assertThat(log.getSeverityNumberValue()).isEqualTo(9);
    assertThat(log.getEventName()).isEqualTo("e");
  }

  private static void assertRefused(String spanMembers, String... parts) {
    assertThatThrownBy(() -> span(spanMembers))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContainingAll(parts);
  }

  private static Span span(String members) throws Exception {
    return ExportTraceServiceRequest.parseFrom(
            toProtobuf("{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{" + members + "}]}]}]}"))
        .getResourceSpans(0)
        .getScopeSpans(0)
        .getSpans(0);
  }

  private static AnyValue value(String json) throws Exception {
    return ExportTraceServiceRequest.parseFrom(toProtobuf(attribute(json)))
        .getResourceSpans(0)
        .getResource()
        .getAttributes(0)
        .getValue();
  }

  private static String attribute(String value) {
    return "{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"k\",\"value\":"
        + value
        + "}]}}]}";
  }

  private static String nested(int depth) {
    return "{\"kvlistValue\":{\"values\":[{\"key\":\"k\",\"value\":".repeat(depth)
        + "{\"intValue\":\"1\"}"
        + "}]}}".repeat(depth);
  }

  private static ByteString field(int number, ByteString content) {
    return com.google.protobuf.UnknownFieldSet.newBuilder()
        .addField(
            number,
            com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(content)
                .build())
        .build()
        .toByteString();
  }

  private static byte[] toProtobuf(String json) throws MalformedOtlpException {
    return toProtobuf(Signal.TRACES, json);
  }

  private static byte[] toProtobuf(Signal signal, String json) throws MalformedOtlpException {
    ByteBuf document = Pieces.whole(json.getBytes(StandardCharsets.UTF_8));
    try {
      ByteBuf protobuf = OtlpJson.toProtobuf(signal, document, ByteBufAllocator.DEFAULT);
      byte[] bytes = ByteBufUtil.getBytes(protobuf);
      protobuf.release();
      return bytes;
    } finally {
      document.release();
    }
  }

  private static String toJson(byte[] protobuf) throws Exception {
    return toJson(Signal.TRACES, protobuf);
  }

  private static String toJson(Signal signal, byte[] protobuf) throws Exception {
    OtlpBatch batch = OtlpBatch.of(signal, Pieces.whole(protobuf));
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      OtlpJson.write(batch, out);
      return out.toString(StandardCharsets.UTF_8);
    } finally {
      batch.release();
    }
  }
}
