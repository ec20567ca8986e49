/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static io.caravan.node.TestPlans.pipeline;
import static io.caravan.node.TestPlans.plan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.plan.Plan;
import io.caravan.plan.PlanValue;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped routes, from a socket through the OTLP connectors to a socket. */
class GatewayTest {
  private static final NodeSettings SETTINGS =
      new NodeSettings(
          Path.of("target/data"),
          "127.0.0.1",
          0,
          0,
          Duration.ofSeconds(5),
          64L << 20,
          16L << 20,
          Duration.ofSeconds(5),
          Map.of("k8s.cluster.name", "prod"));

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
                  assertThat(received.get("caravan.pipeline.records").counter().count())
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

  private static HttpResponse<byte[]> post(int port) throws Exception {
    byte[] request =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder().addSpans(Span.newBuilder().setName("one"))))
            .build()
            .toByteArray();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
              .header("Content-Type", "application/x-protobuf")
              .POST(HttpRequest.BodyPublishers.ofByteArray(request))
              .build(),
          HttpResponse.BodyHandlers.ofByteArray());
    }
  }
}
