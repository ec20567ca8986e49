/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.otlp.format.OtlpJsonLinesDataFormat;
import io.caravan.otlp.format.OtlpTextDataFormat;
import io.caravan.otlp.json.OtlpJson;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that are small and would make much work: what takes minutes where it grows with the
 * square, and is over at once where it does not.
 */
@Tag("slow")
@ExtendWith(NoLeaks.class)
@Timeout(20)
@Isolated("it holds work to a time")
class BoundedWorkTest {
  private static final int MANY = 400_000;

  @Test
  void shouldJoinManyPartsOfAResource() throws Exception {
    WireBytes entry = new WireBytes();
    WireBytes attribute =
        new WireBytes()
            .field(
                1,
                KeyValue.newBuilder()
                    .setKey("k")
                    .setValue(AnyValue.newBuilder().setStringValue("v"))
                    .build());
    for (int i = 0; i < MANY; i++) {
      entry.field(1, attribute);
    }
    byte[] request = new WireBytes().field(1, entry.field(2, new WireBytes().field(2, ""))).bytes();
    OtlpBatch batch = OtlpBatch.of(Signal.TRACES, Pieces.whole(request));

    OtlpBatch enriched =
        batch.enrich((b, resource) -> EncodedAttributes.ofStrings(Map.of("a", "1")), 64 << 20);
    String json = OtlpJson.toString(enriched);

    assertThat(batch.resourceAttribute(0, "k")).isEqualTo("v");
    assertThat(enriched.resourceAttribute(0, "a")).isEqualTo("1");
    assertThat(json.length()).isGreaterThan(20 * MANY);
    assertThat(OtlpJson.toString(batch).length()).isLessThan(json.length());
    batch.release();
    enriched.release();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "0.", "1e", "-"})
  void shouldRefuseNumbersOfAMillionDigits(String start) {
    String number = start + "1".repeat(8 << 20);
    String json =
        "{\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"startTimeUnixNano\":\""
            + number
            + "\"}]}]}]}";

    assertThatThrownBy(() -> protobuf(json, 64 << 20))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("/resourceSpans/0/scopeSpans/0/spans/0/startTimeUnixNano")
        .hasMessageContaining("64-bit integer");
  }

  @Test
  void shouldStopReadingJsonWhoseProtobufIsLargerThanTheLimit() throws Exception {
    // given: two characters each, of which protobuf makes eight bytes
    String json =
        "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"histogram\":{\"dataPoints\":[{\"bucketCounts\":["
            + "1,".repeat(MANY)
            + "1]}]}}]}]}]}";

    assertThatThrownBy(() -> protobuf(json, 1 << 20))
        .isInstanceOf(MalformedOtlpException.class)
        .hasMessageContaining("larger than the limit of 1048576 bytes");
    ByteBuf whole = protobuf(json, 4 << 20);
    assertThat(whole.readableBytes()).isGreaterThan(8 * MANY);
    whole.release();
  }

  private static ByteBuf protobuf(String json, int limit) throws MalformedOtlpException {
    ByteBuf document = Pieces.whole(json.getBytes(StandardCharsets.UTF_8));
    try {
      Signal signal = json.contains("Metrics") ? Signal.METRICS : Signal.TRACES;
      return OtlpJson.toProtobuf(signal, document, ByteBufAllocator.DEFAULT, limit);
    } finally {
      document.release();
    }
  }

  @Test
  void shouldNotRepeatALargeResourceForEachRecordUntilTheHeapIsFull() throws Exception {
    for (DataFormat format :
        new DataFormat[] {new OtlpJsonLinesDataFormat(), new OtlpTextDataFormat()}) {
      // given: 400 KB that become 80 GB in lines
      Resource resource =
          Resource.newBuilder()
              .addAttributes(
                  KeyValue.newBuilder()
                      .setKey("service.name")
                      .setValue(AnyValue.newBuilder().setStringValue("x".repeat(200_000))))
              .build();
      WireBytes spans = new WireBytes();
      for (int i = 0; i < MANY; i++) {
        spans.field(2, "");
      }
      byte[] request =
          new WireBytes().field(1, new WireBytes().field(1, resource).field(2, spans)).bytes();
      try (DefaultCamelContext camel = new DefaultCamelContext()) {
        Exchange exchange = new DefaultExchange(camel);
        BatchOwner owner =
            BatchOwner.attach(exchange, OtlpBatch.of(Signal.TRACES, Pieces.whole(request)));
        Object body = exchange.getMessage().getBody();

        // then: nobody keeps what is written, so that only the account says that it is too much
        assertThatThrownBy(() -> format.marshal(exchange, body, OutputStream.nullOutputStream()))
            .isInstanceOfSatisfying(
                DeliveryException.class,
                e -> assertThat(e.outcome()).isInstanceOf(Outcome.TooLarge.class));
        owner.release();
      }
    }
  }
}
