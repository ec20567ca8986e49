/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawReceiver;
import io.caravan.acceptance.fixture.RawSender;
import io.grpc.Status;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a later version of OTLP adds passes through this one, byte by byte. */
class UnknownFieldsTest {
  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  private static RawReceiver gzip;
  private static RawReceiver none;

  @BeforeAll
  static void start() throws IOException {
    gzip = new RawReceiver();
    none = new RawReceiver();
    CARAVAN.write(
        "gzip.yaml", Manifests.allKinds("gzip", Manifests.otlp("grpc", "gzip", gzip.endpoint())));
    CARAVAN.write(
        "none.yaml", Manifests.allKinds("none", Manifests.otlp("grpc", "none", none.endpoint())));
    CARAVAN.start();
  }

  @AfterAll
  static void stop() {
    gzip.close();
    none.close();
  }

  @Test
  void shouldDeliverTheVeryBytesThatArrived() {
    byte[] request = requestOfTheFuture();

    try (RawSender sender = new RawSender(CARAVAN.grpcPort())) {
      assertThat(sender.send(OtlpMethod.TRACES, request).join().getCode())
          .isEqualTo(Status.Code.OK);
    }

    for (RawReceiver receiver : new RawReceiver[] {gzip, none}) {
      assertThat(received(receiver, OtlpMethod.TRACES))
          .singleElement()
          .satisfies(
              received -> assertThat(received.body()).isEqualTo(ByteString.copyFrom(request)));
    }
  }

  @ParameterizedTest
  @CsvSource({"LOGS", "METRICS"})
  void shouldCompressExactlyTheOutputThatAsksForIt(OtlpMethod method) {
    try (RawSender sender = new RawSender(CARAVAN.grpcPort())) {
      byte[] request = NumberedRequests.request(method, 1);
      assertThat(sender.send(method, request).join().getCode()).isEqualTo(Status.Code.OK);
    }

    assertThat(encoding(gzip, method)).isEqualTo("gzip");
    assertThat(encoding(none, method)).isIn("identity", "absent");
  }

  private static String encoding(RawReceiver receiver, OtlpMethod method) {
    String encoding = received(receiver, method).getFirst().encoding();
    return encoding == null ? "absent" : encoding;
  }

  /** Waits for the first: the sender is told as soon as one pipeline has delivered. */
  private static List<RawReceiver.Request> received(RawReceiver receiver, OtlpMethod method) {
    return Awaitility.await("a request of " + method)
        .until(
            () ->
                receiver.requests().stream()
                    .filter(received -> received.method().equals(method.fullName()))
                    .toList(),
            requests -> !requests.isEmpty());
  }

  /** A request with fields that no OTLP version has, at every level, and a large payload. */
  private static byte[] requestOfTheFuture() {
    Span span =
        Span.newBuilder()
            .setName("order")
            .setSpanId(ByteString.copyFromUtf8("12345678"))
            .setUnknownFields(unknown(900))
            .build();
    ScopeSpans scope =
        ScopeSpans.newBuilder().addSpans(span).setUnknownFields(unknown(901)).build();
    ResourceSpans resource =
        ResourceSpans.newBuilder()
            .addScopeSpans(scope)
            .addScopeSpans(scope)
            .setUnknownFields(unknown(902))
            .build();
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(resource)
        .setUnknownFields(unknown(903))
        .build()
        .toByteArray();
  }

  private static UnknownFieldSet unknown(int number) {
    return UnknownFieldSet.newBuilder()
        .addField(
            number,
            UnknownFieldSet.Field.newBuilder()
                .addVarint(-1)
                .addFixed32(7)
                .addFixed64(8)
                .addLengthDelimited(ByteString.copyFrom(new byte[2_000]))
                .build())
        .build();
  }
}
