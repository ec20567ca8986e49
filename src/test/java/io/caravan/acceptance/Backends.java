/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import com.google.protobuf.InvalidProtocolBufferException;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.util.List;
import java.util.stream.Stream;

/** What backends have received, read with the classes that protoc generates. */
final class Backends {
  private Backends() {}

  static List<String> spanNames(RawReceiver backend) {
    return resources(backend).flatMap(Backends::names).toList();
  }

  /** The names of the spans of that {@code service.name}. */
  static List<String> spansOf(String service, RawReceiver backend) {
    return resources(backend)
        .filter(
            spans ->
                spans.getResource().getAttributesList().stream()
                    .anyMatch(
                        attribute ->
                            attribute.getKey().equals("service.name")
                                && attribute.getValue().getStringValue().equals(service)))
        .flatMap(Backends::names)
        .toList();
  }

  private static Stream<String> names(ResourceSpans spans) {
    return spans.getScopeSpansList().stream()
        .flatMap(scope -> scope.getSpansList().stream())
        .map(span -> span.getName());
  }

  private static Stream<ResourceSpans> resources(RawReceiver backend) {
    return backend.requests().stream()
        .filter(request -> request.method().equals(OtlpMethod.TRACES.fullName()))
        .flatMap(request -> parse(request).getResourceSpansList().stream());
  }

  private static ExportTraceServiceRequest parse(RawReceiver.Request request) {
    try {
      return ExportTraceServiceRequest.parseFrom(request.body());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
