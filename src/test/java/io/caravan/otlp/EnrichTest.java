/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.netty.buffer.ByteBufUtil;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EnrichTest {
  private static final int LIMIT = 64 << 20;

  /**
   * One key of {@link RandomOtlp}, two that it never makes, a value longer than one length byte.
   */
  private static final Map<String, String> WANTED =
      new TreeMap<>(
          Map.of("service.name", "ours", "k8s.cluster.name", "prod", "note", "n".repeat(300)));

  private static final ResourceEnrichment STATIC = always(EncodedAttributes.ofStrings(WANTED));

  private static ResourceEnrichment always(EncodedAttributes attributes) {
    return (batch, resource) -> attributes;
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void shouldAddToEveryResourceWithRecordsWhatItDoesNotHave(Signal signal) throws Exception {
    RandomOtlp random = new RandomOtlp(4712);
    for (int i = 0; i < 80; i++) {
      Message request = random.next(signal);
      OtlpBatch batch = OtlpBatch.of(signal, Pieces.of(request.toByteArray(), 60, i));

      OtlpBatch enriched = batch.enrich(STATIC, LIMIT);

      byte[] bytes = ByteBufUtil.getBytes(enriched.payload());
      Message expected = withAttributes(signal, request);
      assertThat(RandomOtlp.request(signal).mergeFrom(bytes).build()).isEqualTo(expected);
      assertSameIndex(enriched, OtlpBatch.of(signal, Pieces.whole(bytes)));
      batch.release();
      assertThat(ByteBufUtil.getBytes(enriched.payload())).isEqualTo(bytes);
      enriched.release();
    }
  }

  private static Message withAttributes(Signal signal, Message request) throws Exception {
    Message.Builder builder = request.toBuilder();
    var entries = builder.getDescriptorForType().findFieldByNumber(1);
    for (int i = 0; i < builder.getRepeatedFieldCount(entries); i++) {
      Message entry = (Message) builder.getRepeatedField(entries, i);
      if (Counted.recordsOfResources(signal, request.toByteArray())[i] > 0) {
        builder.setRepeatedField(entries, i, withAttributes(entry));
      }
    }
    return builder.build();
  }

  private static Message withAttributes(Message entry) {
    var field = entry.getDescriptorForType().findFieldByName("resource");
    Resource.Builder resource = ((Resource) entry.getField(field)).toBuilder();
    WANTED.forEach(
        (key, value) -> {
          if (resource.getAttributesList().stream().noneMatch(a -> a.getKey().equals(key))) {
            resource.addAttributes(text(key, value));
          }
        });
    return entry.toBuilder().setField(field, resource.build()).build();
  }

  private static void assertSameIndex(OtlpBatch enriched, OtlpBatch fresh) {
    assertThat(enriched.size()).isEqualTo(fresh.size());
    assertThat(enriched.resources()).isEqualTo(fresh.resources());
    for (int i = 0; i < fresh.resources(); i++) {
      assertThat(enriched.records(i)).isEqualTo(fresh.records(i));
      for (String key : WANTED.keySet()) {
        assertThat(enriched.resourceAttribute(i, key)).isEqualTo(fresh.resourceAttribute(i, key));
      }
      int resource = i;
      OtlpBatch cut = enriched.select(r -> r == resource);
      OtlpBatch expected = fresh.select(r -> r == resource);
      assertThat(ByteBufUtil.getBytes(cut.payload()))
          .isEqualTo(ByteBufUtil.getBytes(expected.payload()));
      cut.release();
      expected.release();
    }
    fresh.release();
  }

  @Test
  void shouldCopyNothingOfAnOrdinaryRequestAndCopyAllOfOneWithManyResources() throws Exception {
    OtlpBatch one = OtlpBatch.of(Signal.TRACES, Pieces.whole(Telemetry.spans(10).toByteArray()));
    OtlpBatch many = OtlpBatch.of(Signal.LOGS, Pieces.whole(logs(100).toByteArray()));

    OtlpBatch oneEnriched = one.enrich(STATIC, LIMIT);
    OtlpBatch manyEnriched = many.enrich(STATIC, LIMIT);

    assertThat(one.payload().refCnt()).isGreaterThan(1);
    assertThat(oneEnriched.payload().nioBufferCount()).isLessThanOrEqualTo(5);
    assertThat(many.payload().refCnt()).isEqualTo(1);
    assertThat(manyEnriched.payload().nioBufferCount()).isEqualTo(1);
    Stream.of(one, many, oneEnriched, manyEnriched).forEach(OtlpBatch::release);
  }

  @Test
  void shouldAskForEachResourceAndGiveEachItsOwn() throws Exception {
    OtlpBatch batch = OtlpBatch.of(Signal.LOGS, Pieces.whole(logs(40).toByteArray()));

    OtlpBatch enriched =
        batch.enrich(
            (asked, resource) ->
                resource % 2 == 0
                    ? EncodedAttributes.NONE
                    : EncodedAttributes.ofStrings(
                        Map.of("pod", asked.resourceAttribute(resource, "n") + "-pod")),
            LIMIT);

    for (int i = 0; i < 40; i++) {
      assertThat(enriched.resourceAttribute(i, "pod")).isEqualTo(i % 2 == 0 ? null : i + "-pod");
    }
    batch.release();
    enriched.release();
  }

  @Test
  void shouldJoinAResourceThatCameInPartsAndLoseNothing() throws Exception {
    // given: part, records, part, unknown field, part; lengths longer than they need to be
    byte[] first = longField(1, resource("a", "1"));
    byte[] records =
        field(2, ScopeSpans.newBuilder().addSpans(Span.getDefaultInstance()).build().toByteArray());
    byte[] second = field(1, resource("service.name", "theirs"));
    byte[] unknown = field(999, new byte[] {1, 2, 3});
    byte[] third = longField(1, new byte[0]);
    byte[] request = longField(1, concat(first, records, second, unknown, third));

    // when
    OtlpBatch batch = OtlpBatch.of(Signal.TRACES, Pieces.of(request, 3, 1));
    OtlpBatch enriched = batch.enrich(STATIC, LIMIT);

    // then
    ResourceSpans entry =
        ExportTraceServiceRequest.parseFrom(ByteBufUtil.getBytes(enriched.payload()))
            .getResourceSpans(0);
    assertThat(entry.getResource().getAttributesList())
        .containsExactly(
            text("a", "1"),
            text("service.name", "theirs"),
            text("k8s.cluster.name", "prod"),
            text("note", "n".repeat(300)));
    assertThat(entry.getScopeSpansCount()).isEqualTo(1);
    assertThat(entry.getUnknownFields().getField(999).getLengthDelimitedList())
        .containsExactly(ByteString.copyFrom(new byte[] {1, 2, 3}));
    assertSameIndex(
        enriched,
        OtlpBatch.of(Signal.TRACES, Pieces.whole(ByteBufUtil.getBytes(enriched.payload()))));
    batch.release();
    enriched.release();
  }

  @Test
  void shouldReturnTheBatchItselfWhereNothingIsAdded() throws Exception {
    OtlpBatch batch = OtlpBatch.of(Signal.TRACES, Pieces.whole(Telemetry.spans(1).toByteArray()));

    OtlpBatch same = batch.enrich(always(EncodedAttributes.NONE), LIMIT);
    OtlpBatch present =
        batch.enrich(always(EncodedAttributes.ofStrings(Map.of("service.name", "x"))), LIMIT);

    assertThat(same).isSameAs(batch);
    assertThat(present).isSameAs(batch);
    batch.release();
    batch.release();
    batch.release();
  }

  @Test
  void shouldRefuseToMakeSmallResourcesIntoALargeRequest() throws Exception {
    // given: six bytes each, of which enrichment would make more than three hundred
    OtlpBatch batch = OtlpBatch.of(Signal.LOGS, Pieces.whole(logs(10_000).toByteArray()));

    // then
    assertThatThrownBy(() -> batch.enrich(STATIC, 1 << 20))
        .isInstanceOf(OtlpStatusException.class)
        .hasMessageContaining("RESOURCE_EXHAUSTED")
        .hasMessageContaining("so many resources");
    assertThat(batch.payload().refCnt()).isEqualTo(1);
    batch.release();
  }

  @Test
  void shouldTakeNoMoreAttributesThanFit() {
    Map<String, String> many = new TreeMap<>();
    for (int i = 0; i < 64; i++) {
      many.put("key" + i, "");
    }
    assertThat(EncodedAttributes.ofStrings(many).size()).isEqualTo(64);
    many.put("one more", "");
    assertThatThrownBy(() -> EncodedAttributes.ofStrings(many)).hasMessageContaining("at most 64");
  }

  private static ExportLogsServiceRequest logs(int resources) {
    ExportLogsServiceRequest.Builder request = ExportLogsServiceRequest.newBuilder();
    for (int i = 0; i < resources; i++) {
      request.addResourceLogs(
          ResourceLogs.newBuilder()
              .setResource(Resource.newBuilder().addAttributes(text("n", Integer.toString(i))))
              .addScopeLogs(
                  ScopeLogs.newBuilder().addLogRecords(LogRecord.newBuilder().setTimeUnixNano(i))));
    }
    return request.build();
  }

  private static byte[] resource(String key, String value) {
    return Resource.newBuilder().addAttributes(text(key, value)).build().toByteArray();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static byte[] field(int number, byte[] content) {
    return head(number, content, 0);
  }

  /** A field whose length takes two bytes more than it needs. */
  private static byte[] longField(int number, byte[] content) {
    return head(number, content, 2);
  }

  private static byte[] head(int number, byte[] content, int more) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varint(out, number << 3 | 2, 0);
    varint(out, content.length, more);
    out.writeBytes(content);
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int value, int more) {
    int rest = value;
    int padding = more;
    while ((rest & ~0x7f) != 0) {
      out.write(rest | 0x80);
      rest >>>= 7;
    }
    while (padding-- > 0) {
      out.write(rest | 0x80);
      rest = 0;
    }
    out.write(rest);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Stream.of(parts).forEach(out::writeBytes);
    return out.toByteArray();
  }
}
