/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Telemetry;
import io.caravan.otlp.client.Endpoint.Transport;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.CompressionNames;
import io.caravan.otlp.compress.Reference;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an attempt, against the JDK's HTTP server. Ids of the conformance table. */
@ExtendWith(NoLeaks.class)
class HttpExporterTest {

  /** A request as it came, off the wire. */
  record Received(String target, Headers headers, ExportTraceServiceRequest request) {}

  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final Set<String> connections = ConcurrentHashMap.newKeySet();
  private volatile byte[] answer = new byte[0];
  private volatile int status = 200;
  private volatile List<String> header = List.of("content-type", "application/x-protobuf");
  private HttpServer server;
  private Exporter exporter;

  @BeforeEach
  void start() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext("/", this::handle);
    server.start();
    exporter = exporter("", Optional.empty());
  }

  private Exporter exporter(String path, Optional<String> signalPath) {
    return HttpExporter.create(settings(path), signalPath);
  }

  private ExporterSettings settings(String path) {
    return ExporterSettings.of(
            Endpoint.http(
                "http://127.0.0.1:" + server.getAddress().getPort() + path, Transport.TLS))
        .with(Compression.GZIP)
        .with(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"NONE", "GZIP", "ZSTD", "SNAPPY", "SNAPPY_FRAMED"})
  void shouldCompressSoThatOthersUnderstand(Compression compression) throws Exception {
    try (Exporter own = HttpExporter.create(settings("").with(compression), Optional.empty())) {
      assertThat(Exports.spans(own, 512)).isEqualTo(Outcome.Delivered.ALL);
    }

    assertThat(received.getFirst().request()).isEqualTo(Telemetry.spans(512));
    assertThat(
            CompressionNames.HTTP.find(received.getFirst().headers().getFirst("Content-Encoding")))
        .contains(compression);
  }

  private void handle(HttpExchange exchange) throws IOException {
    connections.add(exchange.getRemoteAddress().toString());
    byte[] body = exchange.getRequestBody().readAllBytes();
    String word = exchange.getRequestHeaders().getFirst("Content-Encoding");
    received.add(
        new Received(
            exchange.getRequestURI().toString(),
            exchange.getRequestHeaders(),
            ExportTraceServiceRequest.parseFrom(
                Reference.decompress(CompressionNames.HTTP.find(word).orElseThrow(), body))));
    exchange.getResponseHeaders().add(header.get(0), header.get(1));
    exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  @AfterEach
  void stop() {
    exporter.close();
    server.stop(0);
  }

  @Test
  void shouldDeliverTheBytesToTheSignalsPath() throws Exception {
    assertThat(Exports.spans(exporter, 512)).isEqualTo(Outcome.Delivered.ALL);

    assertThat(received.getFirst().target()).isEqualTo("/v1/traces");
    assertThat(received.getFirst().request()).isEqualTo(Telemetry.spans(512));
    assertThat(received.getFirst().headers().getFirst("Content-Type"))
        .isEqualTo("application/x-protobuf");
  }

  @Test
  void c28ShouldAppendTheSignalsPathToTheBasePath() throws Exception {
    try (Exporter own = exporter("/base/?tenant=shop", Optional.empty())) {
      assertThat(Exports.spans(own, 1)).isEqualTo(Outcome.Delivered.ALL);
    }
    try (Exporter own = exporter("/base", Optional.of("own/path"))) {
      assertThat(Exports.spans(own, 1)).isEqualTo(Outcome.Delivered.ALL);
    }

    assertThat(received)
        .extracting(Received::target)
        .containsExactly("/base/v1/traces?tenant=shop", "/base/own/path");
  }

  @Test
  void c18ShouldPassSecondsOfRetryAfterOn() throws Exception {
    header = List.of("Retry-After", "3");
    for (int retryable : List.of(429, 503)) {
      status = retryable;
      assertThat(Exports.spans(exporter, 1))
          .isInstanceOfSatisfying(
              Outcome.RetryLater.class,
              later -> assertThat(later.notBefore()).isEqualTo(Duration.ofSeconds(3)));
    }
  }

  @Test
  void c19ShouldPassADateOfRetryAfterOn() throws Exception {
    status = 503;
    ZonedDateTime date = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(60);
    header = List.of("Retry-After", DateTimeFormatter.RFC_1123_DATE_TIME.format(date));

    assertThat(Exports.spans(exporter, 1))
        .isInstanceOfSatisfying(
            Outcome.RetryLater.class,
            later ->
                assertThat(later.notBefore())
                    .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60)));
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 504})
  void c20ShouldRetryLaterWhatAGatewayAnswers(int code) throws Exception {
    status = code;

    assertThat(Exports.spans(exporter, 1)).isInstanceOf(Outcome.RetryLater.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 408, 500, 501, 302, 307})
  void c20ShouldNotRetryOtherFailuresNorFollowRedirects(int code) throws Exception {
    status = code;
    header = List.of("Location", "http://127.0.0.1/elsewhere");

    assertThat(Exports.spans(exporter, 1)).isInstanceOf(Outcome.Refused.class);
    assertThat(received).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void c20ShouldTellWrongCredentialsApart(int code) throws Exception {
    status = code;

    assertThat(Exports.spans(exporter, 1)).isInstanceOf(Outcome.Misconfigured.class);
  }

  @Test
  void c20ShouldTellABatchThatIsTooLarge() throws Exception {
    status = 413;

    assertThat(Exports.spans(exporter, 1)).isInstanceOf(Outcome.TooLarge.class);
  }

  @Test
  void c21ShouldCountWhatTheBackendRejects() throws Exception {
    answer =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder().setRejectedSpans(3).setErrorMessage("old"))
            .build()
            .toByteArray();

    assertThat(Exports.spans(exporter, 10)).isEqualTo(new Outcome.Delivered(3, "old"));
  }

  @Test
  void c24ShouldNotSendWhatIsLargerThanOtlpAllows() throws Exception {
    assertThat(Exports.ofSize(exporter, (64 << 20) + 1)).isInstanceOf(Outcome.TooLarge.class);
  }

  @Test
  void c25ShouldNotReadAnEndlessAnswer() throws Exception {
    answer = new byte[5 << 20];

    assertThat(Exports.spans(exporter, 1)).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void c23ShouldRetryLaterWhereNobodyListens() throws Exception {
    server.stop(0);

    assertThat(Exports.spans(exporter, 1))
        .isInstanceOfSatisfying(
            Outcome.RetryLater.class,
            later -> assertThat(later.status().message()).contains(": Connection refused: "));
  }

  @Test
  void c27ShouldKeepItsConnections() throws Exception {
    for (int i = 0; i < 50; i++) {
      assertThat(Exports.spans(exporter, 1)).isEqualTo(Outcome.Delivered.ALL);
    }

    assertThat(connections).hasSizeLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void shouldEndAnAttemptWhoseBackendSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Exporter own =
            HttpExporter.create(
                ExporterSettings.of(
                        Endpoint.http("http://127.0.0.1:" + silent.getLocalPort(), Transport.TLS))
                    .with(Duration.ofMillis(500)),
                Optional.empty())) {
      assertThat(Exports.spans(own, 1)).isInstanceOf(Outcome.RetryLater.class);
    }
  }

  @Test
  void shouldNotTakeAnAnswerThatNobodyAskedForAsTheNextAttempts() throws Exception {
    String ok = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
    try (ServerSocket twice = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Exporter own =
            HttpExporter.create(
                ExporterSettings.of(
                        Endpoint.http("http://127.0.0.1:" + twice.getLocalPort(), Transport.TLS))
                    .with(Duration.ofSeconds(2)),
                Optional.empty())) {
      Thread.ofVirtual().start(() -> answerEachConnectionOnce(twice, ok + ok));

      assertThat(Exports.spans(own, 1)).isEqualTo(Outcome.Delivered.ALL);
      assertThat(Exports.spans(own, 1)).isEqualTo(Outcome.Delivered.ALL);
    }
  }

  private static void answerEachConnectionOnce(ServerSocket server, String answer) {
    List<Socket> kept = new ArrayList<>();
    try {
      while (true) {
        Socket socket = server.accept();
        kept.add(socket);
        if (socket.getInputStream().read(new byte[1 << 16]) > 0) {
          socket.getOutputStream().write(answer.getBytes(US_ASCII));
        }
      }
    } catch (IOException e) {
      // The test has closed the server.
      kept.forEach(HttpExporterTest::close);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
