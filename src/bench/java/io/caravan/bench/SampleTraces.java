/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.Random;

/**
 * Makes encoded trace requests that look like an HTTP service's: one resource, two scopes, random
 * identifiers and paths, so that they do not compress better than real ones. The same seed gives
 * the same bytes.
 */
final class SampleTraces {

  private static final String[] METHODS = {"GET", "POST", "PUT", "DELETE"};
  private static final long START = 1_763_700_000_000_000_000L;

  private final Workload workload;
  private final Random random;

  SampleTraces(Workload workload, long seed) {
    this.workload = workload;
    this.random = new Random(seed);
  }

  /** Returns the next request, an encoded {@code ExportTraceServiceRequest}. */
  byte[] next() {
    int first = workload.spansPerBatch() / 2;
    Resource resource =
        Resource.newBuilder()
            .addAttributes(text("service.name", "checkout"))
            .addAttributes(text("service.version", "1.42.0"))
            .addAttributes(text("telemetry.sdk.language", "java"))
            .addAttributes(text("telemetry.sdk.name", "opentelemetry"))
            .addAttributes(text("telemetry.sdk.version", "1.67.0"))
            .addAttributes(text("k8s.namespace.name", "shop"))
            .addAttributes(text("k8s.pod.name", "checkout-" + hex(5)))
            .addAttributes(text("k8s.node.name", "node-" + random.nextInt(40)))
            .build();
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(resource)
                .addScopeSpans(scope("io.opentelemetry.tomcat-10.0", first))
                .addScopeSpans(scope("io.opentelemetry.jdbc", workload.spansPerBatch() - first)))
        .build()
        .toByteArray();
  }

  private ScopeSpans scope(String name, int spans) {
    ScopeSpans.Builder scope =
        ScopeSpans.newBuilder()
            .setScope(InstrumentationScope.newBuilder().setName(name).setVersion("2.33.1"));
    for (int i = 0; i < spans; i++) {
      scope.addSpans(span());
    }
    return scope.build();
  }

  private Span span() {
    String method = METHODS[random.nextInt(METHODS.length)];
    long start = START + random.nextInt();
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(identifier(16))
            .setSpanId(identifier(8))
            .setParentSpanId(identifier(8))
            .setName(method + " /api/orders/{id}")
            .setKind(Span.SpanKind.SPAN_KIND_SERVER)
            .setStartTimeUnixNano(start)
            .setEndTimeUnixNano(start + random.nextInt(50_000_000))
            .addAttributes(text("http.request.method", method))
            .addAttributes(text("http.route", "/api/orders/{id}"))
            .addAttributes(text("url.path", "/api/orders/" + hex(8)))
            .addAttributes(text("client.address", "10.0." + random.nextInt(256) + ".17"));
    int missing = workload.spanBytes() - span.build().getSerializedSize() - 24;
    return span.addAttributes(text("user_agent.original", hex(Math.max(0, missing)))).build();
  }

  private ByteString identifier(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return ByteString.copyFrom(bytes);
  }

  private String hex(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(Character.forDigit(random.nextInt(16), 16));
    }
    return text.toString();
  }

  private static KeyValue text(String key, String value) {
    return KeyValue.newBuilder()
        .setKey(key)
        .setValue(AnyValue.newBuilder().setStringValue(value))
        .build();
  }
}
