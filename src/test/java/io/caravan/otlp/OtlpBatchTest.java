/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.caravan.otlp.compress.Compression;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.ReferenceCounted;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OtlpBatchTest {
  private static final String NAMESPACE = "k8s.namespace.name";

  @ParameterizedTest
  @EnumSource(Signal.class)
  void shouldCountWhatTheGeneratedClassesCountInEveryRandomRequest(Signal signal) throws Exception {
    RandomOtlp random = new RandomOtlp(4711);
    for (int i = 0; i < 80; i++) {
      byte[] bytes = random.next(signal).toByteArray();

      OtlpBatch whole = OtlpBatch.of(signal, Pieces.whole(bytes));
      OtlpBatch inPieces = OtlpBatch.of(signal, Pieces.of(bytes, 40, i));

      int[] expected = Counted.recordsOfResources(signal, bytes);
      assertThat(recordsOfResources(whole)).containsExactly(expected);
      assertThat(recordsOfResources(inPieces)).containsExactly(expected);
      assertThat(whole.size()).isEqualTo(bytes.length);
      assertThat(whole.signal()).isEqualTo(signal);
      whole.release();
      inPieces.release();
    }
  }

  @Test
  void shouldCompressOnceForAllWhoWantTheSame() throws Exception {
    OtlpBatch batch = OtlpBatch.of(Signal.TRACES, Pieces.whole(Telemetry.spans(50).toByteArray()));

    ByteBuf first = batch.compressed(Compression.GZIP);
    ByteBuf second = batch.compressed(Compression.GZIP);
    ByteBuf other = batch.compressed(Compression.SNAPPY);
    OtlpBatch same = batch.select(resource -> true);
    ByteBuf third = same.compressed(Compression.GZIP);

    assertThat(second.memoryAddress()).isEqualTo(first.memoryAddress());
    assertThat(third.memoryAddress()).isEqualTo(first.memoryAddress());
    assertThat(other).isNotEqualTo(first);
    ByteBuf content = Compression.GZIP.decompress(first, 1 << 20, first.alloc());
    assertThat(content).isEqualTo(batch.payload());
    for (ReferenceCounted used : List.of(first, second, third, other, content, same, batch)) {
      used.release();
    }
    assertThat(first.refCnt()).isZero();
  }

  @Test
  void shouldTakeAnEmptyRequest() throws Exception {
    OtlpBatch batch = OtlpBatch.of(Signal.LOGS, Pieces.whole(new byte[0]));

    assertThat(batch.resources()).isZero();
    assertThat(batch.records()).isZero();
    batch.release();
  }

  @Test
  void shouldReadTheLastStringOfAResourceAttribute() throws Exception {
    // given
    Resource resource =
        Resource.newBuilder()
            .addAttributes(text(NAMESPACE, "first"))
            .addAttributes(text("other", "x"))
            .addAttributes(text(NAMESPACE, "last"))
            .addAttributes(number("number"))
            .addAttributes(text("changed", "text"))
            .addAttributes(number("changed"))
            .build();

    // when
    OtlpBatch batch = batch(traces(resource, 1));

    // then
    assertThat(batch.resourceAttribute(0, NAMESPACE)).isEqualTo("last");
    assertThat(batch.resourceAttribute(0, "number")).isNull();
    assertThat(batch.resourceAttribute(0, "changed")).isNull();
    assertThat(batch.resourceAttribute(0, "absent")).isNull();
    batch.release();
  }

  @Test
  void shouldJoinTheAttributesOfARepeatedResourceAsProtobufDoes() throws Exception {
    // given: one ResourceSpans whose resource comes in two parts, with a record between them
    byte[] first = field(1, resource(text(NAMESPACE, "first"), text("a", "1")).toByteArray());
    byte[] scope =
        field(2, ScopeSpans.newBuilder().addSpans(Span.getDefaultInstance()).build().toByteArray());
    byte[] second = field(1, resource(text(NAMESPACE, "last")).toByteArray());
    byte[] request = field(1, concat(first, scope, second));

    // when
    OtlpBatch batch = OtlpBatch.of(Signal.TRACES, Pieces.of(request, 3, 1));

    // then
    assertThat(batch.records()).isEqualTo(1);
    assertThat(batch.resourceAttribute(0, NAMESPACE)).isEqualTo("last");
    assertThat(batch.resourceAttribute(0, "a")).isEqualTo("1");
    batch.release();
  }

  @Test
  void shouldCountTheDataPointsOfARepeatedOneofAsProtobufMergesThem() throws Exception {
    byte[] gauge =
        field(
            5,
            Gauge.newBuilder().addDataPoints(point()).addDataPoints(point()).build().toByteArray());
    byte[] sum = field(7, Sum.newBuilder().addDataPoints(point()).build().toByteArray());

    assertThat(recordsOfMetric(concat(gauge, gauge))).isEqualTo(4);
    assertThat(recordsOfMetric(concat(gauge, sum))).isEqualTo(1);
    // Java's generated classes bring the first gauge back here; protobuf's rule is the last member.
    assertThat(recordsOfMetric(concat(gauge, sum, gauge))).isEqualTo(2);
  }

  private static int recordsOfMetric(byte[] metric) throws Exception {
    byte[] request = field(1, field(2, field(2, metric)));
    OtlpBatch batch = OtlpBatch.of(Signal.METRICS, Pieces.whole(request));
    int records = batch.records();
    batch.release();
    return records;
  }

  @Test
  void shouldAcceptUnknownFieldsAndGroupsAndLongVarints() throws Exception {
    // given
    byte[] group = {(byte) 0xa3, 6, 8, 1, (byte) 0xab, 6, (byte) 0xac, 6, (byte) 0xa4, 6};
    byte[] span = {0x12, (byte) 0x80, (byte) 0x80, 0};
    byte[] fixed = {
      (byte) 0xf9, (byte) 0xff, 1, 1, 2, 3, 4, 5, 6, 7, 8, (byte) 0xfd, (byte) 0xff, 1, 1, 2, 3, 4
    };
    byte[] request =
        concat(group, field(1, concat(group, field(2, concat(span, group, fixed)))), fixed);

    // when
    OtlpBatch batch = OtlpBatch.of(Signal.TRACES, Pieces.whole(request));

    // then
    assertThat(batch.records())
        .isEqualTo(Counted.recordsOfResources(Signal.TRACES, request)[0])
        .isEqualTo(1);
    batch.release();
  }

  @Test
  void shouldSayWhatIsWrongAndWhere() {
    assertMalformed(new byte[] {0x0a, 5, 0x12}, "offset 1", "a length of 5", "1 bytes are left");
    assertMalformed(new byte[] {0x0a, 2, 0x12, (byte) 0x80}, "offset 4", "ends within a field");
    assertMalformed(new byte[] {0}, "offset 0", "field number");
    assertMalformed(new byte[] {0x0f}, "offset 0", "wire type 7");
    assertMalformed(new byte[] {0x0c}, "a group ends");
    assertMalformed(new byte[] {0x0b, 0x14}, "a group ends");
    assertMalformed(
        new byte[] {0x10, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, "offset 1", "longer than 10");
    assertMalformed(
        new byte[] {0x0a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}, "18446744073709551615");
    byte[] deep = new byte[20_000];
    java.util.Arrays.fill(deep, (byte) 0x13);
    assertMalformed(deep, "nested deeper than 100");
  }

  private static void assertMalformed(byte[] bytes, String... parts) {
    ByteBuf payload = Pieces.whole(bytes);
    assertThatThrownBy(() -> OtlpBatch.of(Signal.TRACES, payload))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContainingAll(parts);
    assertThat(payload.refCnt()).isZero();
  }

  @Test
  void shouldRefuseMoreResourcesThanItIndexes() {
    byte[] bytes = new byte[2 * (BatchIndex.MAX_RESOURCES + 1)];
    for (int i = 0; i < bytes.length; i += 2) {
      bytes[i] = 0x0a;
    }
    assertMalformed(bytes, "more than 1048576 resources");
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void shouldNeverThrowAnythingElseOnBytesThatWereTamperedWith(Signal signal) throws Exception {
    RandomOtlp requests = new RandomOtlp(99);
    Random random = new Random(99);
    int agreed = 0;
    for (int i = 0; i < 60; i++) {
      byte[] original = requests.next(signal).toByteArray();
      for (int j = 0; j < 20; j++) {
        byte[] bytes = tamper(original, random);
        ByteBuf payload = Pieces.of(bytes, 64, j);
        try {
          OtlpBatch batch = OtlpBatch.of(signal, payload);
          for (int r = 0; r < batch.resources(); r++) {
            batch.resourceAttribute(r, NAMESPACE);
          }
          int[] records = recordsOfResources(batch);
          batch.release();
          int[] expected = Counted.recordsOfResourcesOrNone(signal, bytes);
          if (expected != null) {
            assertThat(records).containsExactly(expected);
            agreed++;
          }
        } catch (MalformedOtlpException e) {
          // The generated classes cut tags and lengths to 32 bits, which C++, Go and we refuse.
          if (!e.toString().contains("field number") && !e.toString().contains("a length of")) {
            assertThat(Counted.recordsOfResourcesOrNone(signal, bytes)).as(e.getMessage()).isNull();
          }
        }
        assertThat(payload.refCnt()).isZero();
      }
    }
    assertThat(agreed).isGreaterThan(100);
  }

  private static byte[] tamper(byte[] original, Random random) {
    byte[] bytes = original.clone();
    for (int n = random.nextInt(3); n >= 0 && bytes.length > 0; n--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return random.nextInt(4) == 0
        ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1))
        : bytes;
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void shouldSelectResourcesAndShareTheirBytes(Signal signal) throws Exception {
    RandomOtlp requests = new RandomOtlp(5);
    Random random = new Random(5);
    for (int i = 0; i < 60; i++) {
      // given
      byte[] bytes =
          concat(
              field(9, new byte[] {1}),
              requests.next(signal).toByteArray(),
              field(9, new byte[] {2}));
      ByteBuf payload = i % 2 == 0 ? Pieces.whole(bytes) : Pieces.of(bytes, 50, i);
      OtlpBatch batch = OtlpBatch.of(signal, payload);
      int mask = random.nextInt(16);

      // when
      OtlpBatch selected = batch.select(r -> (mask >> r & 1) != 0);
      batch.release();

      // then
      byte[] expected = Counted.select(signal, bytes, mask);
      byte[] actual = ByteBufUtil.getBytes(selected.payload());
      assertThat(RandomOtlp.request(signal).mergeFrom(actual).build())
          .isEqualTo(RandomOtlp.request(signal).mergeFrom(expected).build());
      OtlpBatch again = OtlpBatch.of(signal, Pieces.whole(actual));
      assertThat(recordsOfResources(selected)).containsExactly(recordsOfResources(again));
      for (int r = 0; r < again.resources(); r++) {
        assertThat(selected.resourceAttribute(r, NAMESPACE))
            .isEqualTo(again.resourceAttribute(r, NAMESPACE));
      }
      again.release();
      selected.release();
      assertThat(payload.refCnt()).isZero();
    }
  }

  @Test
  void shouldReturnItselfRetainedWhenEverythingIsSelected() throws Exception {
    OtlpBatch batch = batch(traces(resource(), 3));

    OtlpBatch selected = batch.select(r -> true);

    assertThat(selected).isSameAs(batch);
    assertThat(batch.refCnt()).isEqualTo(2);
    batch.release(2);
  }

  @Test
  void shouldRefuseToBeReadOrRetainedAfterTheLastReleaseEvenIfItsBufferIsInUseAgain()
      throws Exception {
    // given
    OtlpBatch batch = batch(traces(resource(text(NAMESPACE, "a")), 3));
    batch.release();
    ByteBuf[] others = new ByteBuf[64];
    for (int i = 0; i < others.length; i++) {
      others[i] = PooledByteBufAllocator.DEFAULT.directBuffer(256);
    }

    // then
    assertThatThrownBy(batch::retain).isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(batch::payload).isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(batch::size).isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(() -> batch.resourceAttribute(0, NAMESPACE))
        .isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(() -> batch.select(r -> true))
        .isInstanceOf(IllegalReferenceCountException.class);
    assertThatThrownBy(batch::release).isInstanceOf(IllegalReferenceCountException.class);
    for (ByteBuf other : others) {
      assertThat(other.refCnt()).isEqualTo(1);
      other.release();
    }
  }

  @Test
  void shouldReadABufferWhoseReaderIndexIsNotZero() throws Exception {
    byte[] bytes = traces(resource(text(NAMESPACE, "here")), 2).toByteArray();
    ByteBuf payload = Pieces.whole(concat(new byte[5], bytes)).skipBytes(5);

    OtlpBatch batch = OtlpBatch.of(Signal.TRACES, payload);

    assertThat(batch.resourceAttribute(0, NAMESPACE)).isEqualTo("here");
    assertThat(ByteBufUtil.getBytes(batch.payload())).isEqualTo(bytes);
    batch.release();
    assertThat(payload.refCnt()).isZero();
  }

  private static int[] recordsOfResources(OtlpBatch batch) {
    int[] records = new int[batch.resources()];
    int sum = 0;
    for (int i = 0; i < records.length; i++) {
      records[i] = batch.records(i);
      sum += records[i];
    }
    assertThat(batch.records()).isEqualTo(sum);
    return records;
  }

  private static OtlpBatch batch(ExportTraceServiceRequest request) throws MalformedOtlpException {
    return OtlpBatch.of(Signal.TRACES, Pieces.whole(request.toByteArray()));
  }

  private static ExportTraceServiceRequest traces(Resource resource, int spans) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 0; i < spans; i++) {
      scope.addSpans(Span.newBuilder().setName("span " + i));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().setResource(resource).addScopeSpans(scope))
        .build();
  }

  private static Resource resource(KeyValue... attributes) {
    Resource.Builder resource = Resource.newBuilder();
    for (KeyValue attribute : attributes) {
      resource.addAttributes(attribute);
    }
    return resource.build();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }

  private static KeyValue number(String key) {
    return KeyValue.newBuilder().setKey(key).setValue(AnyValue.newBuilder().setIntValue(7)).build();
  }

  private static NumberDataPoint point() {
    return NumberDataPoint.newBuilder().setAsInt(3).build();
  }

  private static byte[] field(int number, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeBytes(number, ByteString.copyFrom(content));
    out.flush();
    return bytes.toByteArray();
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
