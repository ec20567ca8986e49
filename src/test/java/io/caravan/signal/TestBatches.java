/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;

/** Batches of spans, in pooled direct memory as they come from the network. */
public final class TestBatches {
  private TestBatches() {}

  /** One resource with so many spans and no namespace. */
  public static OtlpBatch spans(int count) {
    return batch(ExportTraceServiceRequest.newBuilder().addResourceSpans(resource("", count)));
  }

  /** One resource with one span for each namespace; an empty name is a resource without. */
  public static OtlpBatch spansOf(String... namespaces) {
    ExportTraceServiceRequest.Builder request = ExportTraceServiceRequest.newBuilder();
    for (String namespace : namespaces) {
      request.addResourceSpans(resource(namespace, 1));
    }
    return batch(request);
  }

  private static ResourceSpans.Builder resource(String namespace, int spans) {
    ResourceSpans.Builder resource = ResourceSpans.newBuilder();
    if (!namespace.isEmpty()) {
      resource
          .getResourceBuilder()
          .addAttributes(
              KeyValue.newBuilder()
                  .setKey("k8s.namespace.name")
                  .setValue(AnyValue.newBuilder().setStringValue(namespace)));
    }
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 0; i < spans; i++) {
      scope.addSpans(Span.newBuilder().setName("span-" + i));
    }
    return resource.addScopeSpans(scope);
  }

  private static OtlpBatch batch(ExportTraceServiceRequest.Builder request) {
    byte[] bytes = request.build().toByteArray();
    ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length);
    buffer.writeBytes(bytes);
    try {
      return OtlpBatch.of(Signal.TRACES, buffer);
    } catch (MalformedOtlpException e) {
      throw new AssertionError(e);
    }
  }
}
