/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Message;
import io.caravan.otlp.BatchOwner;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpBody;
import io.caravan.otlp.OtlpComponent;
import io.caravan.otlp.Pieces;
import io.caravan.otlp.RandomOtlp;
import io.caravan.otlp.Signal;
import io.netty.buffer.ByteBuf;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.apache.camel.test.junit5.TestExecutionConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The data formats by name, in routes written in YAML as an integrator writes them. */
class OtlpDataFormatsTest extends CamelTestSupport {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Resource SHOP =
      Resource.newBuilder().addAttributes(text("service.name", "shop")).build();
  private static final long TIME = 1_767_323_045_678_000_000L;

  @Override
  public void configureTest(TestExecutionConfiguration configuration) {
    super.configureTest(configuration);
    configuration.withUseRouteBuilder(false);
  }

  @BeforeEach
  void loadRoutes() throws Exception {
    context.start();
    for (String format : List.of("otlp-json", "otlp-json-lines", "otlp-text")) {
      load(
          """
          - from:
              uri: direct:%1$s
              steps:
                - marshal:
                    custom:
                      ref: %1$s
                - convertBodyTo:
                    type: String
          - from:
              uri: direct:un%1$s
              steps:
                - unmarshal:
                    custom:
                      ref: %1$s
          """
              .formatted(format));
    }
  }

  @Test
  void shouldMarshalABatchAsOneLineOfOtlpJson() throws Exception {
    assertThat(marshal("otlp-json", Signal.TRACES, span()))
        .startsWith("{\"resourceSpans\":[{\"resource\":{\"attributes\":[{\"key\":\"service.name\"")
        .endsWith("}]}]}]}")
        .doesNotContain("\n");
  }

  @Test
  void shouldConvertABodyToOtlpJson() throws Exception {
    OtlpBody body = new OtlpBody(OtlpBatch.onHeap(Signal.TRACES, span().toByteArray()));

    assertThat(context.getTypeConverter().convertTo(String.class, body))
        .isEqualTo(marshal("otlp-json", Signal.TRACES, span()));
  }

  @Test
  void shouldMarshalALineForEachRecordWithItsResourceAndScope() throws Exception {
    JsonNode line = MAPPER.readTree(marshal("otlp-json-lines", Signal.TRACES, span()));

    assertThat(line.path("name").asText()).isEqualTo("GET /cart");
    assertThat(line.at("/resource/attributes/0/value/stringValue").asText()).isEqualTo("shop");
    assertThat(line.at("/scope").isObject()).isTrue();
  }

  @Test
  void shouldMarshalALineForEachDataPointThatIsAMetricOfItsOwn() throws Exception {
    String[] lines = marshal("otlp-json-lines", Signal.METRICS, metric()).split("\n", -1);

    assertThat(lines).hasSize(3);
    JsonNode second = MAPPER.readTree(lines[1]);
    assertThat(second.path("name").asText()).isEqualTo("requests");
    assertThat(second.at("/sum/isMonotonic").asBoolean()).isTrue();
    assertThat(second.at("/sum/dataPoints")).hasSize(1);
    assertThat(second.at("/sum/dataPoints/0/asInt").asText()).isEqualTo("18");
    assertThat(lines[2]).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void shouldMarshalAsManyLinesAsTheBatchHasRecords(Signal signal) throws Exception {
    RandomOtlp random = new RandomOtlp(77);
    for (int i = 0; i < 25; i++) {
      Message request = random.next(signal);
      OtlpBatch batch = OtlpBatch.onHeap(signal, request.toByteArray());

      String lines = marshal("otlp-json-lines", signal, request);
      String text = marshal("otlp-text", signal, request);

      List<JsonNode> parsed = new ArrayList<>();
      for (String line : lines.lines().toList()) {
        parsed.add(MAPPER.readTree(line));
      }
      assertThat(parsed).hasSize(batch.records()).allMatch(line -> line.has("resource"));
      assertThat(text.chars().filter(c -> c == '\n')).hasSize(batch.records());
    }
  }

  @Test
  void shouldMarshalASpanForPeople() throws Exception {
    assertThat(marshal("otlp-text", Signal.TRACES, span()))
        .isEqualTo(
            "2026-01-02T03:04:05.678Z traces  shop SERVER \"GET /cart\" 12.500ms ERROR boom"
                + " trace=00000000000000000000000000000001 span=0000000000000002 route=/cart\n");
  }

  @Test
  void shouldMarshalALogRecordForPeopleWithoutLettingItControlTheTerminal() throws Exception {
    assertThat(marshal("otlp-text", Signal.LOGS, log()))
        .isEqualTo(
            "2026-01-02T03:04:05.678Z logs    shop WARN cart\\n\\u001b[31mis \\u202eempty"
                + " user=\"a b\"\n");
  }

  @Test
  void shouldNotGiveARecordWithoutTimeTheYear1970() throws Exception {
    ExportLogsServiceRequest.Builder timeless = log().toBuilder();
    timeless
        .getResourceLogsBuilder(0)
        .getScopeLogsBuilder(0)
        .getLogRecordsBuilder(0)
        .clearTimeUnixNano()
        .clearObservedTimeUnixNano();

    assertThat(marshal("otlp-text", Signal.LOGS, timeless.build())).startsWith("- logs ");
  }

  @Test
  void shouldMarshalADataPointForPeople() throws Exception {
    assertThat(marshal("otlp-text", Signal.METRICS, metric()).lines())
        .containsExactly(
            "2026-01-02T03:04:05.678Z metrics shop requests=17 {request}",
            "2026-01-02T03:04:05.678Z metrics shop requests=18 {request}");
  }

  @Test
  void shouldUnmarshalADocumentOfTheSignalThatTheHeaderNames() throws Exception {
    String json = marshal("otlp-json", Signal.LOGS, log());

    Exchange exchange = send("direct:unotlp-json", json, "logs");

    OtlpBody body = exchange.getMessage().getBody(OtlpBody.class);
    assertThat(body.toByteArray()).isEqualTo(log().toByteArray());
    assertThat(body.batch().records()).isEqualTo(1);
  }

  @Test
  void shouldSayWhatIsMissingOrNotPossible() {
    assertThat(send("direct:unotlp-json", "{}", null).getException())
        .hasMessageContaining("traces, metrics or logs in the header CaravanSignal, found null");
    assertThat(send("direct:unotlp-text", "{}", "logs").getException())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("otlp-text only writes");
    assertThat(send("direct:otlp-json", "text", "logs").getException())
        .hasMessageContaining("expected the OTLP body")
        .hasMessageContaining("found java.lang.String");
  }

  private String marshal(String format, Signal signal, Message request) throws Exception {
    ByteBuf payload = Pieces.of(request.toByteArray(), 100, 1);
    OtlpBatch batch = OtlpBatch.of(signal, payload);
    try (ProducerTemplate template = context.createProducerTemplate()) {
      Exchange exchange = template.send("direct:" + format, e -> BatchOwner.attach(e, batch));
      assertThat(exchange.getException()).isNull();
      assertThat(payload.refCnt()).isZero();
      return exchange.getMessage().getBody(String.class);
    }
  }

  private Exchange send(String uri, String body, @Nullable String signal) {
    return context
        .createFluentProducerTemplate()
        .to(uri)
        .withProcessor(
            e -> {
              e.getMessage().setBody(body);
              e.getMessage().setHeader(OtlpComponent.SIGNAL_HEADER, signal);
            })
        .send();
  }

  private void load(String yaml) throws Exception {
    PluginHelper.getRoutesLoader(context)
        .loadRoutes(ResourceHelper.fromString("formats.camel.yaml", yaml));
  }

  private static ExportTraceServiceRequest span() {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    request
        .addResourceSpansBuilder()
        .setResource(SHOP)
        .addScopeSpansBuilder()
        .addSpans(
            Span.newBuilder()
                .setName("GET /cart")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .setStartTimeUnixNano(TIME)
                .setEndTimeUnixNano(TIME + 12_500_000)
                .setStatus(
                    Status.newBuilder()
                        .setCode(Status.StatusCode.STATUS_CODE_ERROR)
                        .setMessage("boom"))
                .setTraceId(com.google.protobuf.ByteString.fromHex("0".repeat(31) + "1"))
                .setSpanId(com.google.protobuf.ByteString.fromHex("0".repeat(15) + "2"))
                .addAttributes(text("route", "/cart")));
    return request.build();
  }

  private static ExportLogsServiceRequest log() {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    request
        .addResourceLogsBuilder()
        .setResource(SHOP)
        .addScopeLogsBuilder()
        .addLogRecords(
            LogRecord.newBuilder()
                .setObservedTimeUnixNano(TIME)
                .setSeverityNumber(SeverityNumber.SEVERITY_NUMBER_WARN)
                .setBody(AnyValue.newBuilder().setStringValue("cart\n\u001b[31mis \u202eempty"))
                .addAttributes(text("user", "a b")));
    return request.build();
  }

  private static ExportMetricsServiceRequest metric() {
    Metric.Builder metric = Metric.newBuilder().setName("requests").setUnit("{request}");
    metric
        .getSumBuilder()
        .setIsMonotonic(true)
        .addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(TIME).setAsInt(17))
        .addDataPoints(NumberDataPoint.newBuilder().setTimeUnixNano(TIME).setAsInt(18));
    ExportMetricsServiceRequest.Builder request = ExportMetricsServiceRequest.newBuilder();
    request
        .addResourceMetricsBuilder()
        .setResource(SHOP)
        .addScopeMetricsBuilder()
        .addMetrics(metric);
    return request.build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
