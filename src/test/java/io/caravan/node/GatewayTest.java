/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static io.caravan.node.TestPlans.pipeline;
import static io.caravan.node.TestPlans.plan;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.Plan;
import io.caravan.plan.PlanValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes, from a socket through the OTLP connectors to a socket. */
class GatewayTest {
  private static final NodeSettings SETTINGS = settings(Map.of("k8s.cluster.name", "prod"));

  private static NodeSettings settings(Map<String, String> resourceAttributes) {
    return new NodeSettings(
        Path.of("target/data"),
        "127.0.0.1",
        0,
        0,
        Duration.ofSeconds(5),
        64L << 20,
        16L << 20,
        Duration.ofSeconds(5),
        resourceAttributes);
  }

  @Test
  void shouldPassABatchThroughBothOtlpConnectorsToAnotherNode() throws Exception {
    SimpleMeterRegistry received = new SimpleMeterRegistry();
    try (Node backend = new Node(SETTINGS, received);
        Node node = new Node(SETTINGS)) {
      backend.start(plan(pipeline("end", "1", TestPlans.kamelet("drop-sink", "- log: ok"))));
      Map<String, PlanValue> grpc =
          Map.of("endpoint", new PlanValue.Literal("http://127.0.0.1:" + backend.grpcPort()));
      Map<String, PlanValue> http =
          Map.of("endpoint", new PlanValue.Literal("http://127.0.0.1:" + backend.httpPort()));
      node.start(
          plan(
              pipeline("grpc", "1", ConnectorsTest.shipped("otlp-grpc-sink"), grpc),
              pipeline("http", "1", ConnectorsTest.shipped("otlp-http-sink"), http)));

      assertThat(post(node.httpPort()).statusCode()).isEqualTo(200);

      await()
          .untilAsserted(
              () ->
                  assertThat(
                          received
                              .get("caravan.pipeline.records")
                              .tag("result", "delivered")
                              .functionCounter()
                              .count())
                      .isEqualTo(2));
    }
  }

  @Test
  void shouldGiveEveryResourceTheAttributesOfTheNode(@TempDir Path folder) throws Exception {
    Map<String, PlanValue> file = Map.of("directory", new PlanValue.Literal(folder.toString()));
    try (Node node = new Node(SETTINGS)) {
      node.start(plan(pipeline("file", "1", ConnectorsTest.shipped("file-sink"), file)));

      assertThat(post(node.httpPort()).statusCode()).isEqualTo(200);
    }
    try (Stream<Path> written = Files.list(folder)) {
      assertThat(written.toList())
          .singleElement()
          .satisfies(
              lines ->
                  assertThat(lines)
                      .content()
                      .contains(
                          """
                          {"key":"k8s.cluster.name","value":{"stringValue":"prod"}}"""));
    }
  }

  @Test
  void shouldForwardCompressedBytesAsTheyCameUnlessSomethingIsAdded() throws Exception {
    // given: a backend that keeps what it gets, and a request that no compressor of ours would make
    Queue<byte[]> got = new ConcurrentLinkedQueue<>();
    HttpServer backend =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext(
        "/v1/traces",
        exchange -> {
          got.add(exchange.getRequestBody().readAllBytes());
          exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    backend.start();
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new Uncompressed(stored)) {
      gzip.write(request());
    }
    Map<String, PlanValue> toBackend =
        Map.of(
            "endpoint",
            new PlanValue.Literal("http://127.0.0.1:" + backend.getAddress().getPort()),
            "compression",
            new PlanValue.Literal("gzip"));
    PipelinePlan pipeline =
        pipeline("http", "1", ConnectorsTest.shipped("otlp-http-sink"), toBackend);

    try (Node plain = new Node(settings(Map.of()));
        Node enriching = new Node(SETTINGS)) {
      plain.start(plan(pipeline));
      enriching.start(plan(pipeline));

      // when
      assertThat(post(plain.httpPort(), stored.toByteArray(), "gzip").statusCode()).isEqualTo(200);
      assertThat(post(enriching.httpPort(), stored.toByteArray(), "gzip").statusCode())
          .isEqualTo(200);

      // then
      assertThat(got.poll()).isEqualTo(stored.toByteArray());
      byte[] other = got.poll();
      assertThat(other).isNotEqualTo(stored.toByteArray());
      assertThat(
              new String(
                  new GZIPInputStream(new ByteArrayInputStream(other)).readAllBytes(), ISO_8859_1))
          .contains("k8s.cluster.name", "prod");
    } finally {
      backend.stop(0);
    }
  }

  private static final class Uncompressed extends GZIPOutputStream {
    Uncompressed(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.NO_COMPRESSION);
    }
  }

  @Test
  void shouldAnswerNotFoundUntilAPipelineOfTheSignalIsPlanned() throws Exception {
    try (Node node = new Node(SETTINGS)) {
      node.start(Plan.EMPTY);
      assertThat(post(node.httpPort()).statusCode()).isEqualTo(404);

      node.apply(plan(TestPlans.rejected("broken")));
      HttpResponse<byte[]> answer = post(node.httpPort());
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }
  }

  private static byte[] request() {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .addScopeSpans(ScopeSpans.newBuilder().addSpans(Span.newBuilder().setName("one"))))
        .build()
        .toByteArray();
  }

  private static HttpResponse<byte[]> post(int port) throws Exception {
    return post(port, request(), "identity");
  }

  private static HttpResponse<byte[]> post(int port, byte[] body, String encoding)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
              .header("Content-Type", "application/x-protobuf")
              .header("Content-Encoding", encoding)
              .POST(HttpRequest.BodyPublishers.ofByteArray(body))
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
    }
  }
}
