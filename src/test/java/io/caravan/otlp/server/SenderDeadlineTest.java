/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.SenderDeadline;
import io.caravan.otlp.Telemetry;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Until when a sender waits for its answer, over real connections. */
@ExtendWith(NoLeaks.class)
class SenderDeadlineTest {
  private final Receiving receiving = new Receiving();
  private final AtomicInteger gone = new AtomicInteger();
  private OtlpServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    receiving.hold();
    server = TestServer.start(new ServerSettings("127.0.0.1", 0, 0, 1 << 20), receiving);
    channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.grpcPort(), InsecureChannelCredentials.create())
            .build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.close();
  }

  @Test
  void shouldWaitAsLongAsTheCallSays() {
    var _ =
        TraceServiceGrpc.newFutureStub(channel)
            .withDeadlineAfter(3, TimeUnit.SECONDS)
            .export(Telemetry.spans(1));

    assertThat(arrived().left()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(3));
  }

  @Test
  void shouldWaitTenSecondsForACallThatSaysNothing() {
    var _ = export();

    assertThat(arrived().left()).isBetween(Duration.ofSeconds(5), SenderDeadline.DEFAULT);
  }

  @Test
  void shouldWaitTenSecondsForARequestOverHttp() throws Exception {
    try (Socket _ = post()) {
      assertThat(arrived().left()).isBetween(Duration.ofSeconds(5), SenderDeadline.DEFAULT);
    }
  }

  @Test
  void g14ShouldSayThatTheSenderIsGoneWhenItCancelsItsCall() {
    ListenableFuture<ExportTraceServiceResponse> call = export();
    arrived().whenGone(gone::incrementAndGet);
    assertThat(gone).hasValue(0);

    call.cancel(true);

    await().untilAsserted(() -> assertThat(gone).hasValue(1));
    assertThat(arrived().left()).isZero();
  }

  @Test
  void shouldSayThatTheSenderIsGoneWhenItsHttp2ConnectionIs() {
    var _ = export();
    arrived().whenGone(gone::incrementAndGet);

    channel.shutdownNow();

    await().untilAsserted(() -> assertThat(gone).hasValue(1));
  }

  @Test
  void shouldSayThatTheSenderIsGoneWhenItsHttp1ConnectionIs() throws Exception {
    try (Socket _ = post()) {
      arrived().whenGone(gone::incrementAndGet);
    }

    await().untilAsserted(() -> assertThat(gone).hasValue(1));
  }

  @Test
  void shouldSayAtOnceThatTheSenderHasGoneAlready() {
    SenderDeadline deadline = SenderDeadline.in(Duration.ofSeconds(3));
    deadline.gone();

    deadline.whenGone(gone::incrementAndGet);

    assertThat(gone).hasValue(1);
  }

  @ParameterizedTest
  @CsvSource({
    "2H, 7200000",
    "5M, 300000",
    "30S, 30000",
    "1500m, 1500",
    "2000000u, 2000",
    "99999999n, 100",
    "99999999H, 86400000",
    "0m, 0",
    "S, 10000",
    "123456789S, 10000",
    "1.5S, 10000",
    "-5S, 10000",
    "5s, 10000"
  })
  void shouldReadWhatGrpcSays(String timeout, long millis) {
    assertThat(SenderDeadline.ofGrpc(timeout).left())
        .isBetween(Duration.ofMillis(Math.max(0, millis - 5_000)), Duration.ofMillis(millis));
  }

  private ListenableFuture<ExportTraceServiceResponse> export() {
    return TraceServiceGrpc.newFutureStub(channel).export(Telemetry.spans(1));
  }

  private Socket post() throws Exception {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
    socket
        .getOutputStream()
        .write(
            "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                .getBytes(UTF_8));
    return socket;
  }

  private SenderDeadline arrived() {
    await().untilAsserted(() -> assertThat(receiving.deadlines()).hasSize(1));
    return receiving.deadlines().getFirst();
  }
}
