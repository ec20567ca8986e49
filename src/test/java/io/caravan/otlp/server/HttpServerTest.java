/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Reply;
import io.caravan.otlp.Signal;
import io.caravan.otlp.Telemetry;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.CompressionNames;
import io.caravan.otlp.compress.Reference;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The HTTP port, as the JDK's client and a bare socket see it. Ids of the conformance table. */
@ExtendWith(NoLeaks.class)
class HttpServerTest {
  private static final int LIMIT = 1 << 20;
  private static final String PROTOBUF = "application/x-protobuf";

  private final Receiving receiving = new Receiving();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private OtlpServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        TestServer.start(
            new ServerSettings(
                "127.0.0.1", -1, 0, LIMIT, Duration.ofSeconds(2), Duration.ofSeconds(3)),
            receiving);
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
        .timeout(Duration.ofSeconds(10));
  }

  private HttpRequest.Builder post(String path, MessageLite body) {
    return request(path)
        .header("Content-Type", PROTOBUF)
        .POST(BodyPublishers.ofByteArray(body.toByteArray()));
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static Status status(HttpResponse<byte[]> response)
      throws InvalidProtocolBufferException {
    assertThat(response.headers().firstValue("Content-Type")).contains(PROTOBUF);
    return Status.parseFrom(response.body());
  }

  private static MessageLite telemetry(Signal signal) {
    return switch (signal) {
      case TRACES -> Telemetry.spans(100);
      case METRICS -> Telemetry.points(100);
      case LOGS -> Telemetry.records(100);
    };
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void h01To03ShouldTakeProtobufOfEachSignal(Signal signal) throws Exception {
    HttpResponse<byte[]> response = send(post(signal.httpPath(), telemetry(signal)));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains(PROTOBUF);
    assertThat(response.body()).isEmpty();
    assertThat(receiving.received().getFirst().signal()).isEqualTo(signal);
    assertThat(receiving.received().getFirst().records()).isEqualTo(100);
  }

  private HttpResponse<byte[]> sendJson(String path, String body) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "TRACES | {\"resourceSpans\":[{\"scopeSpans\":[{\"spans\":[{\"name\":\"a\"}]}]}]}",
        "METRICS | {\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[{\"gauge\":{\"dataPoints\":[{\"asInt\":\"1\"}]}}]}]}]}",
        "LOGS | {\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"a\"}}]}]}]}"
      })
  void h04To06ShouldTakeJsonOfEachSignal(Signal signal, String body) throws Exception {
    HttpResponse<byte[]> response = sendJson(signal.httpPath(), body);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(new String(response.body(), UTF_8)).isEqualTo("{}");
    assertThat(receiving.received().getFirst().signal()).isEqualTo(signal);
    assertThat(receiving.received().getFirst().records()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource(Signal.class)
  void g11ShouldSayHowManyRecordsWereRejectedOverHttpToo(Signal signal) throws Exception {
    receiving.answerWith(new Reply.Taken(300, "too \"old\""));

    HttpResponse<byte[]> protobuf = send(post(signal.httpPath(), telemetry(signal)));
    HttpResponse<byte[]> json = sendJson(signal.httpPath(), "{}");

    assertThat(protobuf.statusCode()).isEqualTo(200);
    ExportTraceServiceResponse answer = ExportTraceServiceResponse.parseFrom(protobuf.body());
    assertThat(answer.getPartialSuccess().getRejectedSpans()).isEqualTo(300);
    assertThat(answer.getPartialSuccess().getErrorMessage()).isEqualTo("too \"old\"");
    String count =
        switch (signal) {
          case TRACES -> "rejectedSpans";
          case METRICS -> "rejectedDataPoints";
          case LOGS -> "rejectedLogRecords";
        };
    assertThat(new String(json.body(), UTF_8))
        .isEqualTo(
            "{\"partialSuccess\":{\""
                + count
                + "\":\"300\",\"errorMessage\":\"too \\\"old\\\"\"}}");
  }

  @Test
  void g12ShouldPassAWarningOnOverHttpToo() throws Exception {
    receiving.answerWith(new Reply.Taken(0, "soon gone"));

    assertThat(new String(sendJson("/v1/logs", "{}").body(), UTF_8))
        .isEqualTo("{\"partialSuccess\":{\"errorMessage\":\"soon gone\"}}");
  }

  @Test
  void h13ShouldSayWhereJsonIsMalformed() throws Exception {
    HttpResponse<byte[]> response =
        sendJson("/v1/traces", "{\"resourceSpans\": [\n  {\"scopeSpans\": 7}]}");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(new String(response.body(), UTF_8))
        .contains("\"code\":3")
        .contains("/resourceSpans/0/scopeSpans")
        .contains("line 2");
    assertThat(receiving.received()).isEmpty();
  }

  @Test
  void h07ShouldAcceptParametersOfTheContentType() throws Exception {
    HttpResponse<byte[]> response =
        send(
            request("/v1/traces")
                .header("Content-Type", "Application/X-Protobuf; charset=utf-8")
                .POST(BodyPublishers.ofByteArray(Telemetry.spans(1).toByteArray())));

    assertThat(response.statusCode()).isEqualTo(200);
  }

  @Test
  void h08ShouldInflateGzip() throws Exception {
    HttpResponse<byte[]> response = sendGzip(Telemetry.spans(512).toByteArray());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(receiving.received().getFirst().bytes())
        .isEqualTo(Telemetry.spans(512).toByteString());
  }

  private HttpResponse<byte[]> sendGzip(byte[] body) throws Exception {
    return sendCompressed("gzip", Compression.GZIP, body);
  }

  private HttpResponse<byte[]> sendCompressed(String word, Compression compression, byte[] body)
      throws Exception {
    return send(
        request("/v1/traces")
            .header("Content-Type", PROTOBUF)
            .header("Content-Encoding", word)
            .POST(BodyPublishers.ofByteArray(Reference.compress(compression, body))));
  }

  @ParameterizedTest
  @CsvSource({
    "x-gzip, GZIP",
    "GZIP, GZIP",
    "zstd, ZSTD",
    "snappy, SNAPPY",
    "snappy, SNAPPY_FRAMED",
    "x-snappy-framed, SNAPPY_FRAMED",
    "lz4, LZ4",
    "deflate, DEFLATE",
    "zlib, DEFLATE",
    "identity, NONE"
  })
  void h24ShouldTakeWhatTheCollectorTakes(String word, Compression compression) throws Exception {
    byte[] body = Telemetry.spans(512).toByteArray();

    HttpResponse<byte[]> response = sendCompressed(word, compression, body);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(receiving.received().getFirst().bytes().toByteArray()).isEqualTo(body);
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void h15ShouldStopDecompressingAtTheLimit(Compression compression) throws Exception {
    HttpResponse<byte[]> response =
        sendCompressed(CompressionNames.HTTP.of(compression), compression, new byte[64 << 20]);

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(status(response).getMessage()).contains("after decompression");
  }

  @ParameterizedTest
  @EnumSource(value = Compression.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void h23ShouldRefuseWhatIsNotCompressedAsItSays(Compression compression) throws Exception {
    String word = CompressionNames.HTTP.of(compression);
    HttpResponse<byte[]> response =
        send(post("/v1/traces", Telemetry.spans(1)).header("Content-Encoding", word));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(status(response).getMessage()).startsWith("The request says ");
  }

  @Test
  void h09ShouldAnswerPlainlyWhoWouldAcceptGzip() throws Exception {
    HttpResponse<byte[]> response =
        send(post("/v1/traces", Telemetry.spans(1)).header("Accept-Encoding", "gzip"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Encoding")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "PUT", "DELETE"})
  void h10ShouldAllowOnlyPost(String method) throws Exception {
    HttpResponse<byte[]> response =
        send(request("/v1/traces").method(method, BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).contains("POST");
    assertThat(new String(response.body(), UTF_8)).contains("\"message\":\"Only POST");
  }

  @Test
  void h11ShouldRefuseOtherContentTypes() throws Exception {
    HttpResponse<byte[]> response =
        send(
            request("/v1/traces")
                .header("Content-Type", "text/plain")
                .POST(BodyPublishers.ofString("hello")));

    assertThat(response.statusCode()).isEqualTo(415);
    // RFC 9110, 15.5.16: only a 415 because of the encoding has this header.
    assertThat(response.headers().firstValue("Accept-Encoding")).isEmpty();
    assertThat(new String(response.body(), UTF_8)).contains("text/plain");
  }

  @Test
  void h12ShouldAnswerTruncatedProtobufWithAStatus() throws Exception {
    byte[] whole = Telemetry.spans(10).toByteArray();
    HttpResponse<byte[]> response =
        send(
            request("/v1/traces")
                .header("Content-Type", PROTOBUF)
                .POST(BodyPublishers.ofByteArray(whole, 0, whole.length - 3)));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(status(response).getMessage()).contains("traces");
    assertThat(receiving.received()).isEmpty();
  }

  @Test
  void h14ShouldRefuseABodyBeyondTheLimit() throws Exception {
    HttpResponse<byte[]> response = send(post("/v1/traces", Telemetry.spans(8192)));

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(status(response).getMessage()).contains("1048576");
    assertThat(status(response).getDetailsCount()).isZero();
  }

  @Test
  void h14ShouldRefuseAChunkedBodyBeyondTheLimit() throws Exception {
    byte[] body = Telemetry.spans(8192).toByteArray();
    HttpResponse<byte[]> response =
        send(
            request("/v1/traces")
                .header("Content-Type", PROTOBUF)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

    assertThat(response.statusCode()).isEqualTo(413);
  }

  @Test
  void h16ShouldTakeChunks() throws Exception {
    byte[] body = Telemetry.spans(1000).toByteArray();
    HttpResponse<byte[]> response =
        send(
            request("/v1/traces")
                .header("Content-Type", PROTOBUF)
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(receiving.received().getFirst().bytes().toByteArray()).isEqualTo(body);
  }

  @Test
  void h17ShouldAskForTheBodyOfWhoWaitsForIt() throws Exception {
    HttpResponse<byte[]> response =
        send(post("/v1/traces", Telemetry.spans(10)).expectContinue(true));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(receiving.received()).hasSize(1);
  }

  @Test
  void h18ShouldSayWhenToTryAgain() throws Exception {
    receiving.answerWith(new OtlpStatus(GrpcCode.UNAVAILABLE, "full", Duration.ofMillis(2100)));

    HttpResponse<byte[]> response = send(post("/v1/traces", Telemetry.spans(1)));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("Retry-After")).contains("3");
    RetryInfo info = status(response).getDetails(0).unpack(RetryInfo.class);
    assertThat(info.getRetryDelay().getSeconds()).isEqualTo(2);
  }

  @Test
  void h19ShouldNotKnowOtherPaths() throws Exception {
    HttpResponse<byte[]> response = send(post("/v1/profiles", Telemetry.spans(1)));

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(status(response).getMessage()).contains("/v1/traces");
  }

  @Test
  void h20ShouldNotTakeATrailingSlash() throws Exception {
    assertThat(send(post("/v1/traces/", Telemetry.spans(1))).statusCode()).isEqualTo(404);
  }

  @Test
  void h23ShouldRefuseCompressionsThatItDoesNotKnow() throws Exception {
    HttpResponse<byte[]> response =
        send(post("/v1/traces", Telemetry.spans(1)).header("Content-Encoding", "br"));

    assertThat(response.statusCode()).isEqualTo(415);
    assertThat(status(response).getMessage()).contains("br", "gzip, ");
    assertThat(response.headers().firstValue("Accept-Encoding"))
        .contains("gzip, x-gzip, zstd, snappy, x-snappy-framed, lz4, deflate, zlib");
  }

  @ParameterizedTest
  @ValueSource(strings = {"abc", "-5", "99999999999999999999"})
  void shouldAnswerARequestWhoseLengthIsNoNumber(String length) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket
          .getOutputStream()
          .write(head("/v1/traces", "Content-Length: " + length).getBytes(UTF_8));

      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void h25ShouldNotWaitForeverForASlowBody() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      socket.getOutputStream().write(head("/v1/traces", "Content-Length: 100").getBytes(UTF_8));

      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);

      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("did not arrive within 2 s");
    }
  }

  @Test
  void shouldNotWaitForeverForASlowHead() throws Exception {
    try (OtlpServer patient =
            TestServer.start(
                new ServerSettings(
                    "127.0.0.1", -1, 0, LIMIT, Duration.ofSeconds(1), Duration.ofHours(1)),
                receiving);
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), patient.httpPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("POST /v1/traces HT".getBytes(UTF_8));

      assertThat(socket.getInputStream().read()).as("end of the stream").isEqualTo(-1);
    }
  }

  @Test
  void shouldCloseAConnectionThatNobodyUses() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void shouldAnswerPipelinedRequestsInOrder() throws Exception {
    receiving.hold();
    byte[] body = Telemetry.spans(1).toByteArray();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.httpPort())) {
      ByteArrayOutputStream two = new ByteArrayOutputStream();
      for (int i = 0; i < 2; i++) {
        two.writeBytes(head("/v1/traces", "Content-Length: " + body.length).getBytes(UTF_8));
        two.writeBytes(body);
      }
      two.writeBytes("GET /end HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
      socket.getOutputStream().write(two.toByteArray());

      await().until(() -> receiving.held().size() == 1);
      receiving.held().getFirst().reply(Reply.Taken.WHOLLY);
      await().until(() -> receiving.held().size() == 2);
      receiving.held().get(1).reply(new Reply.Declined(OtlpStatus.of(GrpcCode.INTERNAL, "second")));

      String answers = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answers).containsSubsequence("HTTP/1.1 200", "HTTP/1.1 500", "HTTP/1.1 404");
    }
  }

  private static String head(String path, String header) {
    return "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\n%s\r\n\r\n"
        .formatted(path, PROTOBUF, header);
  }

  @Test
  void shouldAnswerWhatIsInFlightWhenItDrains() throws Exception {
    receiving.hold();
    CompletableFuture<HttpResponse<byte[]>> inFlight =
        client.sendAsync(
            post("/v1/traces", Telemetry.spans(10)).build(), BodyHandlers.ofByteArray());
    await().until(() -> receiving.held().size() == 1);

    CompletableFuture<Void> drained = server.drain(Duration.ofSeconds(10));
    await().until(() -> refusesConnections(server.httpPort()));
    assertThat(drained).isNotDone();
    receiving.held().getFirst().reply(Reply.Taken.WHOLLY);

    assertThat(inFlight)
        .succeedsWithin(Duration.ofSeconds(5))
        .satisfies(
            response -> {
              assertThat(response.statusCode()).isEqualTo(200);
              assertThat(response.headers().firstValue("Connection")).contains("close");
            });
    assertThat(drained).succeedsWithin(Duration.ofSeconds(5));
  }

  private static boolean refusesConnections(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return !socket.isConnected();
    } catch (java.net.ConnectException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
