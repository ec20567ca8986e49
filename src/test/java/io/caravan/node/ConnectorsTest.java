/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import static io.caravan.node.TestPlans.pipeline;
import static io.caravan.node.TestPlans.plan;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.plan.PlanValue;
import io.caravan.plan.PlannedKamelet;
import io.caravan.signal.TestBatches;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The connectors of {@code kamelets/} that are made of Camel's own components. */
@Isolated("it takes the standard output")
class ConnectorsTest {
  private record Request(String method, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.getOrDefault(name, List.of("")).getFirst();
    }
  }

  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String retryAfter = "";
  private HttpServer backend;

  @BeforeEach
  void startBackend() throws IOException {
    backend = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    backend.createContext("/", this::receive);
    backend.start();
  }

  @AfterEach
  void stopBackend() {
    backend.stop(0);
  }

  @Test
  void shouldPostABatchAsOtlpJson() throws Exception {
    try (NodeFixture node = http(Map.of())) {
      assertThat(node.send(TestBatches.spans(2))).isEmpty();
    }
    assertThat(requests)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.method()).isEqualTo("POST");
              assertThat(request.header("Content-type")).isEqualTo("application/json");
              assertThat(request.body())
                  .startsWith("{\"resourceSpans\":[")
                  .contains("span-0")
                  .contains("span-1");
              assertThat(request.headers()).doesNotContainKey("Caravansignal");
            });
  }

  @Test
  void shouldPostOneJsonObjectARecordAndLine() throws Exception {
    try (NodeFixture node = http(Map.of("format", literal("json-lines")))) {
      assertThat(node.send(TestBatches.spans(3))).isEmpty();
    }
    assertThat(requests.getFirst().header("Content-type")).isEqualTo("application/x-ndjson");
    assertThat(requests.getFirst().body().strip().lines())
        .hasSize(3)
        .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}").contains("span-"));
  }

  @Test
  void shouldCompressAndAuthenticate() throws Exception {
    Map<String, PlanValue> values =
        Map.of(
            "compression",
            literal("gzip"),
            "authorization",
            secret("Bearer t0ken)&x"),
            "headerName",
            literal("X-Api-Key"),
            "headerValue",
            secret("k3y"));
    try (NodeFixture node = http(values)) {
      assertThat(node.send(TestBatches.spans(1))).isEmpty();
    }
    Request request = requests.getFirst();
    assertThat(request.header("Content-encoding")).isEqualTo("gzip");
    assertThat(request.header("Authorization")).isEqualTo("Bearer t0ken)&x");
    assertThat(request.header("X-api-key")).isEqualTo("k3y");
    assertThat(request.body()).contains("span-0");
  }

  @Test
  void shouldAuthenticateWithUserAndPassword() throws Exception {
    try (NodeFixture node =
        http(Map.of("user", secret("us&er"), "password", secret("p+ss%20w=rd")))) {
      assertThat(node.send(TestBatches.spans(1))).isEmpty();
    }
    String credentials =
        Base64.getEncoder().encodeToString("us&er:p+ss%20w=rd".getBytes(StandardCharsets.UTF_8));
    assertThat(requests)
        .singleElement()
        .satisfies(
            request ->
                assertThat(request.header("Authorization")).isEqualTo("Basic " + credentials));
  }

  @Test
  void shouldPassOnHowLongTheBackendAsksToWaitAndNotAskItBefore() throws Exception {
    status = 503;
    retryAfter = "90";
    try (NodeFixture node = http(NodeFixture.impatient(), Map.of())) {
      assertThat(status(node)).isEqualTo(GrpcCode.UNAVAILABLE);
      assertThat(answer(node).retryAfter())
          .isBetween(Duration.ofSeconds(80), Duration.ofSeconds(90));
    }
    assertThat(requests).hasSize(1);
  }

  @Test
  void shouldRefuseForGoodWhatTheBackendRefuses() throws Exception {
    status = 400;
    try (NodeFixture node = http(Map.of())) {
      assertThat(status(node)).isEqualTo(GrpcCode.INVALID_ARGUMENT);
    }
  }

  @Test
  void shouldAnswerUnavailableWhenNobodyListens() throws Exception {
    backend.stop(0);
    try (NodeFixture node = http(NodeFixture.impatient(), Map.of())) {
      assertThat(status(node)).isEqualTo(GrpcCode.UNAVAILABLE);
    }
  }

  @Test
  void shouldAppendBatchesToAFileOfThePeriod(@TempDir Path folder) throws Exception {
    Map<String, PlanValue> values =
        Map.of("directory", literal(folder + "/out"), "fileName", literal("spans"));
    try (NodeFixture node = new NodeFixture()) {
      node.start(plan(pipeline("demo", "1", shipped("file-sink"), values)));
      assertThat(node.send(TestBatches.spans(1))).isEmpty();
      assertThat(node.send(TestBatches.spans(1))).isEmpty();
    }
    List<Path> files = new ArrayList<>();
    try (var list = Files.list(folder.resolve("out"))) {
      list.forEach(files::add);
    }
    assertThat(files)
        .singleElement()
        .satisfies(
            file -> {
              assertThat(file.getFileName().toString()).matches("spans-\\d{8}\\.jsonl");
              assertThat(Files.readAllLines(file))
                  .hasSize(2)
                  .allMatch(line -> line.startsWith("{\"resourceSpans\":["));
            });
  }

  @Test
  void shouldBeginANewLineBehindOneThatWasTorn(@TempDir Path folder) throws Exception {
    String name =
        "spans-"
            + DateTimeFormatter.ofPattern("yyyyMMdd").format(LocalDate.now(ZoneId.systemDefault()))
            + ".jsonl";
    Path file = folder.resolve(name);
    Files.writeString(file, "{\"resourceSpans\":[{\"scope");
    Map<String, PlanValue> values =
        Map.of("directory", literal(folder.toString()), "fileName", literal("spans"));
    try (NodeFixture node = new NodeFixture()) {
      node.start(plan(pipeline("demo", "1", shipped("file-sink"), values)));
      assertThat(node.send(TestBatches.spans(1))).isEmpty();
      assertThat(node.send(TestBatches.spans(1))).isEmpty();
    }
    assertThat(Files.readString(file).lines())
        .hasSize(3)
        .element(1)
        .asString()
        .startsWith("{\"resourceSpans\":[")
        .endsWith("}");
  }

  @Test
  void shouldPrintALineARecord() throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try (NodeFixture node = new NodeFixture()) {
      node.start(plan(pipeline("demo", "1", shipped("console-sink"), Map.of())));
      assertThat(node.send(TestBatches.spans(3))).isEmpty();
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains("span-")))
        .hasSize(3);
  }

  private NodeFixture http(Map<String, PlanValue> more) throws Exception {
    return http(new NodeFixture(), more);
  }

  private NodeFixture http(NodeFixture node, Map<String, PlanValue> more) throws Exception {
    Map<String, PlanValue> values = new HashMap<>(more);
    values.put(
        "url", literal("http://127.0.0.1:%d/in?a=b".formatted(backend.getAddress().getPort())));
    return node.start(plan(pipeline("demo", "1", shipped("http-sink"), values)));
  }

  private static OtlpStatus answer(NodeFixture node) {
    Exception answer = node.send(TestBatches.spans(1)).orElseThrow();
    return ((OtlpStatusException) answer).status();
  }

  private static GrpcCode status(NodeFixture node) {
    return answer(node).code();
  }

  private void receive(HttpExchange exchange) throws IOException {
    byte[] bytes = exchange.getRequestBody().readAllBytes();
    if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
      bytes = new GZIPInputStream(new ByteArrayInputStream(bytes)).readAllBytes();
    }
    requests.add(
        new Request(
            exchange.getRequestMethod(),
            Map.copyOf(exchange.getRequestHeaders()),
            new String(bytes, StandardCharsets.UTF_8)));
    if (!retryAfter.isEmpty()) {
      exchange.getResponseHeaders().add("Retry-After", retryAfter);
    }
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
  }

  static PlannedKamelet shipped(String name) throws IOException {
    String yaml = Files.readString(Path.of("kamelets", name + ".kamelet.yaml"));
    return new PlannedKamelet(name, name + "-0123456789ab", yaml);
  }

  private static PlanValue literal(String text) {
    return new PlanValue.Literal(text);
  }

  private static PlanValue secret(String text) {
    return new PlanValue.Secret(text);
  }
}
