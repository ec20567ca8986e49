/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import org.jspecify.annotations.Nullable;

/** What the generated classes find in a request: the truth that our index is held to. */
final class Counted {
  private Counted() {}

  static int[] recordsOfResources(Signal signal, byte[] request)
      throws InvalidProtocolBufferException {
    return switch (signal) {
      case TRACES ->
          ExportTraceServiceRequest.parseFrom(request).getResourceSpansList().stream()
              .mapToInt(r -> r.getScopeSpansList().stream().mapToInt(s -> s.getSpansCount()).sum())
              .toArray();
      case METRICS ->
          ExportMetricsServiceRequest.parseFrom(request).getResourceMetricsList().stream()
              .mapToInt(
                  r ->
                      r.getScopeMetricsList().stream()
                          .flatMap(s -> s.getMetricsList().stream())
                          .mapToInt(Counted::points)
                          .sum())
              .toArray();
      case LOGS ->
          ExportLogsServiceRequest.parseFrom(request).getResourceLogsList().stream()
              .mapToInt(
                  r -> r.getScopeLogsList().stream().mapToInt(s -> s.getLogRecordsCount()).sum())
              .toArray();
    };
  }

  /** Null where the generated classes refuse the bytes. */
  static int @Nullable [] recordsOfResourcesOrNone(Signal signal, byte[] request) {
    try {
      return recordsOfResources(signal, request);
    } catch (InvalidProtocolBufferException e) {
      return null;
    }
  }

  /** The request with those of its resources whose bit is set. */
  static byte[] select(Signal signal, byte[] request, int mask)
      throws InvalidProtocolBufferException {
    Message all = RandomOtlp.request(signal).mergeFrom(request).build();
    FieldDescriptor resources = all.getDescriptorForType().findFieldByNumber(1);
    Message.Builder some = all.toBuilder().clearField(resources);
    for (int i = 0; i < all.getRepeatedFieldCount(resources); i++) {
      if ((mask >> i & 1) != 0) {
        some.addRepeatedField(resources, all.getRepeatedField(resources, i));
      }
    }
    return some.build().toByteArray();
  }

  private static int points(Metric metric) {
    return switch (metric.getDataCase()) {
      case GAUGE -> metric.getGauge().getDataPointsCount();
      case SUM -> metric.getSum().getDataPointsCount();
      case HISTOGRAM -> metric.getHistogram().getDataPointsCount();
      case EXPONENTIAL_HISTOGRAM -> metric.getExponentialHistogram().getDataPointsCount();
      case SUMMARY -> metric.getSummary().getDataPointsCount();
      case DATA_NOT_SET -> 0;
    };
  }
}
