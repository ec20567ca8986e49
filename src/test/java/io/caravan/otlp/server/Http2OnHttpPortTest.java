/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Reply;
import io.caravan.otlp.Signal;
import io.caravan.otlp.Telemetry;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** HTTP/2 in plaintext on the HTTP port, with prior knowledge. */
@ExtendWith(NoLeaks.class)
@ResourceLock(ServerLog.LOCK)
class Http2OnHttpPortTest {
  private static final int LIMIT = 1 << 20;

  private final Receiving receiving = new Receiving();
  private final ServerLog log = new ServerLog();
  private OtlpServer server;
  private H2Client client;

  @BeforeEach
  void start() throws Exception {
    server =
        TestServer.start(
            new ServerSettings(
                "127.0.0.1", 0, 0, LIMIT, Duration.ofSeconds(2), Duration.ofSeconds(60)),
            receiving);
    client = H2Client.connect(server.httpPort());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    server.close();
    log.close();
  }

  @Test
  void h21ShouldTakeOtlpHttpOverHttp2() throws Exception {
    H2Client.Answer answer =
        client.post("/v1/traces", "application/x-protobuf", Telemetry.spans(512).toByteArray());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/x-protobuf");
    assertThat(answer.body()).isEmpty();
    assertThat(receiving.received())
        .singleElement()
        .matches(one -> one.signal() == Signal.TRACES && one.records() == 512);
  }

  @Test
  void h21ShouldTakeJsonOverHttp2() throws Exception {
    H2Client.Answer answer = client.post("/v1/logs", "application/json", "{}".getBytes(UTF_8));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(new String(answer.body(), UTF_8)).isEqualTo("{}");
  }

  @Test
  void h21ShouldGiveTheSameErrorsOverHttp2() throws Exception {
    byte[] body = Telemetry.spans(1).toByteArray();

    assertThat(client.post("/v1/profiles", "application/x-protobuf", body).status()).isEqualTo(404);
    assertThat(client.post("/v1/traces", "text/plain", body).status()).isEqualTo(415);
    assertThat(client.send("GET", "/v1/traces", "application/json", body).header("allow"))
        .isEqualTo("POST");
    H2Client.Answer bad = client.post("/v1/traces", "application/x-protobuf", new byte[] {1, 2, 3});
    assertThat(bad.status()).isEqualTo(400);
    assertThat(Status.parseFrom(bad.body()).getMessage()).contains("traces");
    H2Client.Answer large =
        client.post("/v1/traces", "application/x-protobuf", Telemetry.spans(8192).toByteArray());
    assertThat(large.status()).isEqualTo(413);
    assertThat(client.post("/v1/traces", "application/x-protobuf", body).status()).isEqualTo(200);
  }

  @Test
  void h21ShouldSayOverHttp2WhenToTryAgain() throws Exception {
    receiving.answerWith(new OtlpStatus(GrpcCode.UNAVAILABLE, "full", Duration.ofSeconds(3)));

    H2Client.Answer answer =
        client.post("/v1/traces", "application/x-protobuf", Telemetry.spans(1).toByteArray());

    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("retry-after")).isEqualTo("3");
    assertThat(
            Status.parseFrom(answer.body())
                .getDetails(0)
                .unpack(RetryInfo.class)
                .getRetryDelay()
                .getSeconds())
        .isEqualTo(3);
  }

  @Test
  void h25ShouldNotWaitForeverForASlowBodyOverHttp2() throws Exception {
    H2Client.Answer answer = client.postHead("/v1/traces", "application/x-protobuf");

    assertThat(answer.status()).isEqualTo(408);
  }

  @Test
  void h17ShouldContinueOverHttp2() throws Exception {
    H2Client.Answer answer =
        client.postAfterContinue("/v1/traces", Telemetry.spans(10).toByteArray());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.continued()).isTrue();
    assertThat(receiving.received()).hasSize(1);
  }

  @Test
  void g14ShouldForgetARequestThatItsClientCancels() throws Exception {
    receiving.hold();
    client.cancelled("/v1/traces", Telemetry.spans(10).toByteArray());
    await().until(() -> receiving.held().size() == 1);
    receiving.held().getFirst().reply(Reply.Taken.WHOLLY);

    receiving.goOn();
    assertThat(
            client
                .post("/v1/traces", "application/x-protobuf", Telemetry.spans(1).toByteArray())
                .status())
        .isEqualTo(200);
  }

  @Test
  void shouldTakeGrpcOnTheHttpPortToo() throws Exception {
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.httpPort(), InsecureChannelCredentials.create())
            .build();
    try {
      TraceServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(10, TimeUnit.SECONDS)
          .export(Telemetry.spans(100));
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    assertThat(receiving.received()).hasSize(1);
  }

  @Test
  void h21ShouldAnswerAnUpgradeToHttp2OverHttp1() throws Exception {
    try (HttpClient upgrading =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
      HttpResponse<byte[]> response =
          upgrading.send(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + server.httpPort() + "/v1/traces"))
                  .header("Content-Type", "application/x-protobuf")
                  .POST(BodyPublishers.ofByteArray(Telemetry.spans(1).toByteArray()))
                  .build(),
              BodyHandlers.ofByteArray());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }
  }

  private String exchange(int port, String bytes) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes.getBytes(UTF_8));
      InputStream in = socket.getInputStream();
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void shouldTellASenderOfOtlpHttpThatThisIsThePortOfGrpc() throws Exception {
    String answer =
        exchange(
            server.grpcPort(), "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");

    assertThat(answer).startsWith("HTTP/1.1 505 ").contains("This is the port of OTLP/gRPC");
    assertThat(log.lines("reason=HTTP_TO_GRPC")).hasSize(1);
  }

  @Test
  void shouldCloseOnASenderOfTlsAndSaySoOnce() throws Exception {
    for (int port : new int[] {server.grpcPort(), server.httpPort()}) {
      assertThat(exchange(port, "\u0016\u0003\u0001\u0002\u0000\u0001")).isEmpty();
    }

    assertThat(log.lines("reason=TLS_TO_PLAINTEXT"))
        .singleElement()
        .asString()
        .contains("let it use http://");
  }

  @Test
  void shouldNotWaitForeverForTheFirstBytes() throws Exception {
    assertThat(exchange(server.httpPort(), "PR")).isEmpty();
  }
}
