/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import com.google.protobuf.InvalidProtocolBufferException;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import java.util.List;
import java.util.stream.Stream;

/** Requests of one record each, which carries a number, and the way back from bytes to numbers. */
public final class NumberedRequests {
  private NumberedRequests() {}

  public static byte[] request(OtlpMethod method, long number) {
    String text = Long.toString(number);
    return switch (method) {
      case TRACES -> {
        var request = ExportTraceServiceRequest.newBuilder();
        request.addResourceSpansBuilder().addScopeSpansBuilder().addSpansBuilder().setName(text);
        yield request.build().toByteArray();
      }
      case METRICS -> {
        var request = ExportMetricsServiceRequest.newBuilder();
        request
            .addResourceMetricsBuilder()
            .addScopeMetricsBuilder()
            .addMetricsBuilder()
            .setName(text)
            .getGaugeBuilder()
            .addDataPointsBuilder()
            .setAsInt(number);
        yield request.build().toByteArray();
      }
      case LOGS -> {
        var request = ExportLogsServiceRequest.newBuilder();
        request
            .addResourceLogsBuilder()
            .addScopeLogsBuilder()
            .addLogRecordsBuilder()
            .setBody(AnyValue.newBuilder().setStringValue(text));
        yield request.build().toByteArray();
      }
    };
  }

  /** The numbers of this signal that the receivers got, as often as they got them. */
  public static List<Long> received(OtlpMethod method, RawReceiver... receivers) {
    return Stream.of(receivers)
        .flatMap(receiver -> receiver.requests().stream())
        .filter(request -> request.method().equals(method.fullName()))
        .flatMap(request -> texts(method, request))
        .map(Long::valueOf)
        .toList();
  }

  private static Stream<String> texts(OtlpMethod method, RawReceiver.Request request) {
    try {
      return switch (method) {
        case TRACES ->
            ExportTraceServiceRequest.parseFrom(request.body()).getResourceSpansList().stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .map(span -> span.getName());
        case METRICS ->
            ExportMetricsServiceRequest.parseFrom(request.body()).getResourceMetricsList().stream()
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .map(metric -> metric.getName());
        case LOGS ->
            ExportLogsServiceRequest.parseFrom(request.body()).getResourceLogsList().stream()
                .flatMap(resource -> resource.getScopeLogsList().stream())
                .flatMap(scope -> scope.getLogRecordsList().stream())
                .map(record -> record.getBody().getStringValue());
      };
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
