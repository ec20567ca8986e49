/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.ListenableFuture;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Reply;
import io.caravan.otlp.Telemetry;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Connections that are ended for their age, in the middle of what they do. */
@Isolated("connections reach their age by the clock")
@Tag("slow")
@ExtendWith(NoLeaks.class)
class ConnectionAgeTest {
  private static final Duration AGE = Duration.ofMillis(100);

  private final Receiving receiving = new Receiving();
  private OtlpServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        TestServer.start(
            new ServerSettings("127.0.0.1", 0, 0, 1 << 20).withMaxConnectionAge(AGE), receiving);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void c29ShouldLoseNoCallOfGrpcWhoseConnectionsAreEnded() throws Exception {
    ExportTraceServiceRequest request = Telemetry.spans(20);
    ManagedChannel channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.grpcPort(), InsecureChannelCredentials.create())
            .build();
    int sent = 0;
    try {
      var stub = TraceServiceGrpc.newFutureStub(channel);
      Queue<ListenableFuture<ExportTraceServiceResponse>> underWay = new ArrayDeque<>();
      long end = System.nanoTime() + 20 * AGE.toNanos();
      while (System.nanoTime() - end < 0) {
        underWay.add(stub.export(request));
        sent++;
        if (underWay.size() == 64) {
          assertThat(underWay.remove().get(10, TimeUnit.SECONDS).hasPartialSuccess()).isFalse();
        }
      }
      for (var each : underWay) {
        assertThat(each.get(10, TimeUnit.SECONDS).hasPartialSuccess()).isFalse();
      }
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    assertThat(receiving.received()).hasSize(sent);
  }

  @Test
  void shouldLoseNoRequestOfHttpWhoseConnectionsAreEnded() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/v1/traces"))
            .header("Content-Type", "application/x-protobuf")
            .timeout(Duration.ofSeconds(10))
            .POST(BodyPublishers.ofByteArray(Telemetry.spans(20).toByteArray()))
            .build();
    int sent = 0;
    Set<String> ends = new HashSet<>();
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      long end = System.nanoTime() + 10 * AGE.toNanos();
      // On a busy machine connections may all reach their age between two requests for a while.
      long atLast = end + 100 * AGE.toNanos();
      while (System.nanoTime() - (ends.isEmpty() ? atLast : end) < 0) {
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        response.headers().firstValue("Connection").ifPresent(ends::add);
        sent++;
      }
    }

    assertThat(receiving.received()).hasSize(sent);
    assertThat(ends).containsExactly("close");
  }

  @Test
  void shouldAnswerWhatIsUnderWayOnAConnectionThatIsEnded() throws Exception {
    receiving.hold();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write(
              "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
                  .getBytes(UTF_8));
      await().until(() -> receiving.held().size() == 1);
      long begun = System.nanoTime();
      await().until(() -> System.nanoTime() - begun > 2 * AGE.toNanos());

      receiving.held().getFirst().reply(Reply.Taken.WHOLLY);

      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 200 ")
          .contains("connection: close");
    }
  }

  @Test
  void shouldNotResetTheConnectionOfAClientThatPipelinesIntoTheLastAnswer() throws Exception {
    receiving.hold();
    String head =
        "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write((head.formatted(2) + "{}").getBytes(UTF_8));
      await().until(() -> receiving.held().size() == 1);
      long begun = System.nanoTime();
      await().until(() -> System.nanoTime() - begun > 2 * AGE.toNanos());
      out.write((head.formatted(2) + "{}" + head.formatted(1 << 20)).getBytes(UTF_8));

      receiving.held().getFirst().reply(Reply.Taken.WHOLLY);
      out.write(new byte[1 << 20]); // fails where the server has reset the connection

      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
          .startsWith("HTTP/1.1 200 ")
          .containsOnlyOnce("HTTP/1.1");
    }
    assertThat(receiving.received()).hasSize(1);
  }

  @Test
  void shouldNotEndAllConnectionsAtTheSameAge() throws Exception {
    Reception reception =
        new Reception(
            new ServerSettings("127.0.0.1", 0, 0, 1).withMaxConnectionAge(Duration.ofMinutes(10)),
            new Arriving(new MemoryBudget(1)),
            receiving,
            Access.open(CredentialFiles.NONE, new ArrayList<>()),
            new Cors(List.of()),
            new PeerLog(),
            Refusals.UNCOUNTED);
    Set<Long> ages = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      ages.add(reception.age());
    }

    assertThat(ages).hasSizeGreaterThan(50).allMatch(age -> age >= 540_000 && age <= 660_000);
  }
}
