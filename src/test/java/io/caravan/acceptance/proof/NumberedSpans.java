/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** Requests of spans of some 400 bytes, as an instrumented server sends them, with their ids. */
final class NumberedSpans {
  private static final long TRACE = 0x63_61_72_61_76_61_6e_21L;

  private static final List<KeyValue> ATTRIBUTES =
      List.of(
          attribute("http.request.method", "GET"),
          attribute("url.full", "https://shop.example.com/orders?customer=4711&page=2"),
          attribute("http.route", "/orders"),
          attribute("http.response.status_code", "200"),
          attribute("network.protocol.version", "1.1"),
          attribute("server.address", "shop.example.com"),
          attribute("user_agent.original", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0)"),
          attribute("client.address", "192.0.2.17"));

  private NumberedSpans() {}

  /** The sender's spans from this number on. */
  static byte[] request(int sender, int first, int count) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    ByteString trace = bytes(16, TRACE, sender + 1L);
    long now = nanos(Instant.now());
    for (int number = first; number < first + count; number++) {
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(trace)
              .setSpanId(bytes(8, number + 1L))
              .setName("GET /orders")
              .setStartTimeUnixNano(now)
              .setEndTimeUnixNano(now + 1_000_000)
              .addAllAttributes(ATTRIBUTES));
    }
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    var resource = request.addResourceSpansBuilder();
    resource.getResourceBuilder().addAttributes(attribute("service.name", "sender-" + sender));
    resource.addScopeSpans(scope);
    return request.build().toByteArray();
  }

  static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000 + time.getNano();
  }

  private static ByteString bytes(int size, long... longs) {
    ByteBuffer buffer = ByteBuffer.allocate(size);
    for (long value : longs) {
      buffer.putLong(value);
    }
    return ByteString.copyFrom(buffer.flip());
  }

  private static KeyValue attribute(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
