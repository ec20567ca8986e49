/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Reply;
import io.caravan.otlp.SenderDeadline;
import io.caravan.otlp.Telemetry;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the front door does when the memory that it may use is used up. */
class BoundedMemoryTest {
  private static final int BUDGET = 1 << 20;
  private static final int LIMIT = 4 << 20;

  /** About 300 KiB. */
  private static final ExportTraceServiceRequest REQUEST = Telemetry.spans(800);

  private final MemoryBudget budget = new MemoryBudget(BUDGET);
  private final Queue<OtlpBatch> kept = new ConcurrentLinkedQueue<>();
  private final HttpClient client = HttpClient.newHttpClient();
  private OtlpServer server;
  private ManagedChannel channel;
  private volatile boolean keeping;

  @BeforeEach
  void start() throws Exception {
    server =
        OtlpServer.start(
            new ServerSettings("127.0.0.1", 0, 0, LIMIT), budget, this::handle, Refusals.UNCOUNTED);
    channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.grpcPort(), InsecureChannelCredentials.create())
            .build();
  }

  private void handle(OtlpBatch batch, SenderDeadline deadline, Answer answer) {
    if (keeping) {
      kept.add(batch);
    } else {
      batch.release();
    }
    answer.reply(Reply.Taken.WHOLLY);
  }

  @AfterEach
  void stop() throws Exception {
    letGo();
    client.close();
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    await().untilAsserted(() -> assertThat(budget.used()).isZero());
    server.close();
  }

  private void letGo() {
    kept.forEach(OtlpBatch::release);
    kept.clear();
  }

  @Test
  void g10h18ShouldHaveSendersComeAgainWhileWhatIsOnItsWayFillsTheMemory() throws Exception {
    // given
    keeping = true;
    for (int i = 0; i < 3; i++) {
      exportAsSendersDo();
    }
    assertThat(budget.used()).isBetween(BUDGET * 3L / 4, (long) BUDGET);

    // when
    StatusRuntimeException grpc = catchThrowableOfType(StatusRuntimeException.class, this::export);
    HttpResponse<byte[]> http = post();

    // then
    assertThat(grpc.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(Objects.requireNonNull(StatusProto.fromThrowable(grpc)).getDetailsList())
        .singleElement()
        .matches((Any detail) -> detail.is(RetryInfo.class));
    assertThat(http.statusCode()).isEqualTo(503);
    assertThat(http.headers().firstValue("Retry-After")).contains("1");
    assertThat(kept).hasSize(3);

    // when
    letGo();

    // then
    exportAsSendersDo();
    assertThat(post().statusCode()).isEqualTo(200);
  }

  @Test
  void h25ShouldDropTheOldestHalfSentRequestForWhoNeedsItsMemory() throws Exception {
    try (Socket one = halfSent();
        Socket two = halfSent();
        Socket three = halfSent()) {
      await().until(() -> budget.used() > BUDGET * 7L / 10);

      // then: for the first second they may be senders like others
      await().untilAsserted(() -> assertThat(post().statusCode()).isEqualTo(200));
      for (int i = 0; i < 5; i++) {
        assertThat(post().statusCode()).isEqualTo(200);
      }

      // and: who was dropped is told when it goes on; the oldest of the loop that needed memory
      assertThat(List.of(goOn(one), goOn(two), goOn(three)))
          .anySatisfy(
              answer -> assertThat(answer).startsWith("HTTP/1.1 503 ").contains("retry-after: 1"));
    }
  }

  @Test
  void h15ShouldNotInflateBeyondTheMemoryThatIsLeft() throws Exception {
    // given: what fits, and then only when nothing else is there
    byte[] compressed = gzip(Telemetry.spans(7000).toByteArray());
    keeping = true;
    assertThat(export().hasPartialSuccess()).isFalse();

    // then
    assertThat(post(compressed).statusCode()).isEqualTo(503);
    assertThat(budget.used()).isLessThan(BUDGET / 2);

    // when
    letGo();

    // then
    assertThat(post(compressed).statusCode()).isEqualTo(200);
    letGo();
    assertThat(post(gzip(new byte[LIMIT + 1])).statusCode()).isEqualTo(413);
  }

  private ExportTraceServiceResponse export() {
    return TraceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .export(REQUEST);
  }

  /** Comes again: what the request before was read with may be held for a moment longer. */
  private void exportAsSendersDo() {
    await()
        .ignoreExceptionsMatching(e -> Status.fromThrowable(e).getCode() == Status.Code.UNAVAILABLE)
        .until(() -> !export().hasPartialSuccess());
  }

  private HttpResponse<byte[]> post() throws Exception {
    return client.send(
        request().POST(HttpRequest.BodyPublishers.ofByteArray(REQUEST.toByteArray())).build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpResponse<byte[]> post(byte[] gzip) throws Exception {
    return client.send(
        request()
            .header("Content-Encoding", "gzip")
            .POST(HttpRequest.BodyPublishers.ofByteArray(gzip))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.httpPort() + "/v1/traces"))
        .header("Content-Type", "application/x-protobuf");
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(content);
    }
    return out.toByteArray();
  }

  /** A request of 256 KiB that lacks its last byte. */
  private Socket halfSent() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort());
    String head =
        """
        POST /v1/traces HTTP/1.1\r
        Host: x\r
        Content-Type: application/x-protobuf\r
        Content-Length: 262144\r
        \r
        """;
    socket.getOutputStream().write(head.getBytes(US_ASCII));
    socket.getOutputStream().write(new byte[262_143]);
    return socket;
  }

  private static String goOn(Socket socket) throws IOException {
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(0);
    byte[] answer = new byte[4096];
    return new String(answer, 0, socket.getInputStream().read(answer), US_ASCII);
  }
}
