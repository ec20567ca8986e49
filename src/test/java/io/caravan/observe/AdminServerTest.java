/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.Counter;
import io.netty.channel.nio.NioEventLoopGroup;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("it lets no virtual thread run")
class AdminServerTest {
  private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();
  private static final int EVENT_LOOPS = 2;

  private final Readiness readiness = new Readiness();
  private final Metrics metrics = new Metrics();
  private AdminServer server = start();

  private AdminServer start() {
    try {
      return AdminServer.start(new InetSocketAddress(LOCAL, 0), readiness, metrics);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void awaitTheFirstPlan() {
    readiness.awaits("first plan");
    readiness.awaits("OTLP ports");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldBeAliveBeforeItIsReady() {
    HttpResponse<String> answer = send("GET", "/healthz");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("alive\n");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
  }

  @Test
  void shouldSayWhatItWaitsForUntilItIsReady() {
    HttpResponse<String> early = send("GET", "/readyz");
    readiness.has("first plan");
    readiness.has("OTLP ports");
    HttpResponse<String> late = send("GET", "/readyz");
    readiness.awaits("end of this process");
    HttpResponse<String> end = send("GET", "/readyz");

    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.body()).isEqualTo("not ready: first plan, OTLP ports\n");
    assertThat(late.statusCode()).isEqualTo(200);
    assertThat(late.body()).isEqualTo("ready\n");
    assertThat(end.statusCode()).isEqualTo(503);
    assertThat(end.body()).isEqualTo("not ready: end of this process\n");
  }

  @Test
  void shouldServeTheMetricsToPrometheus() {
    Counter.builder("caravan.items").register(metrics.registry()).increment();

    HttpResponse<String> answer = send("GET", "/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("caravan_items_total 1.0\n");
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/healthzzz", "/healthz/", "/metrics/more", "/debug"})
  void shouldNameWhatThereIsWhenAskedForSomethingElse(String path) {
    HttpResponse<String> answer = send("GET", path);

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("/healthz", "/readyz", "/metrics");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/healthz", "/readyz", "/metrics"})
  void shouldAnswerHeadAsGetButWithoutTheBody(String path) {
    HttpResponse<String> head = send("HEAD", path);
    HttpResponse<String> get = send("GET", path);

    assertThat(head.statusCode()).isEqualTo(get.statusCode());
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("Content-Type"))
        .isEqualTo(get.headers().firstValue("Content-Type"));
    assertThat(head.headers().firstValueAsLong("Content-Length").orElse(0)).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
  void shouldAllowNothingThatCouldChangeSomething(String method) {
    HttpResponse<String> answer = send(method, "/metrics");

    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET mailto:x HTTP/1.1", "OPTIONS * HTTP/1.1", "nonsense", "GET %zz HTTP/1.1"})
  void shouldRefuseWhatIsNoRequestAndGoOn(String line) throws IOException {
    try (Socket socket = new Socket(LOCAL, server.port())) {
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write((line + "\r\nHost: x\r\nConnection: close\r\n\r\n").getBytes(UTF_8));
      String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer.isEmpty() || answer.startsWith("HTTP/1.1 4")).as(answer).isTrue();
    }

    assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
  }

  @Test
  void shouldAnswerWhileEventLoopsAreBlockedAndNoVirtualThreadCanRun() throws Exception {
    CountDownLatch blocked = new CountDownLatch(EVENT_LOOPS);
    CountDownLatch release = new CountDownLatch(1);
    AtomicBoolean spinning = new AtomicBoolean(true);
    NioEventLoopGroup loops = new NioEventLoopGroup(EVENT_LOOPS);
    try {
      for (int i = 0; i < EVENT_LOOPS; i++) {
        loops
            .next()
            .execute(
                () -> {
                  blocked.countDown();
                  awaitQuietly(release);
                });
      }
      holdAllCarriers(spinning);
      assertThat(blocked.await(5, TimeUnit.SECONDS)).isTrue();

      assertThat(raw("/healthz")).startsWith("HTTP/1.1 200");
      assertThat(raw("/readyz")).startsWith("HTTP/1.1 503");
      assertThat(raw("/metrics")).startsWith("HTTP/1.1 200");
    } finally {
      spinning.set(false);
      release.countDown();
      assertThat(loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).await(5_000)).isTrue();
    }
  }

  @Test
  void shouldAnswerAProbeWhileManyClientsStallInTheirRequests() throws IOException {
    List<Socket> stalled = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        Socket socket = new Socket(LOCAL, server.port());
        stalled.add(socket);
        socket.getOutputStream().write("GET /metrics HTTP/1.1\r\nHo".getBytes(UTF_8));
      }

      assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : stalled) {
        socket.close();
      }
    }
  }

  @Test
  void shouldFailToStartWhereAnotherListens() {
    InetSocketAddress taken = new InetSocketAddress(LOCAL, server.port());

    assertThatThrownBy(() -> AdminServer.start(taken, readiness, metrics))
        .isInstanceOf(BindException.class);
  }

  @Test
  void shouldFreeThePortWhenClosed() throws IOException {
    int port = server.port();
    server.close();

    server = AdminServer.start(new InetSocketAddress(LOCAL, port), readiness, metrics);

    assertThat(send("GET", "/healthz").statusCode()).isEqualTo(200);
  }

  /** As many virtual threads as there are carriers spin and never yield. */
  private static void holdAllCarriers(AtomicBoolean spinning) throws InterruptedException {
    int carriers = Runtime.getRuntime().availableProcessors();
    CountDownLatch held = new CountDownLatch(carriers);
    for (int i = 0; i < carriers; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                held.countDown();
                while (spinning.get()) {
                  Thread.onSpinWait();
                }
              });
    }
    assertThat(held.await(5, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Without a client that has threads of its own. */
  private String raw(String path) throws IOException {
    try (Socket socket = new Socket(LOCAL, server.port())) {
      socket.setSoTimeout(5_000);
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                  .formatted(path)
                  .getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private HttpResponse<String> send(String method, String path) {
    URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(uri)
              .timeout(Duration.ofSeconds(5))
              .method(method, BodyPublishers.noBody())
              .build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void shouldShowAProtectedPageToWhoeverHasATokenOfTheFileAsItIsNow(@TempDir Path folder)
      throws Exception {
    Path tokens = Files.writeString(folder.resolve("tokens"), "first\nsecond\n");
    server.protect("/plan", tokens, () -> "{}");

    assertThat(plan("Bearer first").statusCode()).isEqualTo(200);
    assertThat(plan("bearer second").body()).isEqualTo("{}");
    for (String wrong : List.of("Bearer other", "Bearer ", "Bearer", "Basic first", "first")) {
      HttpResponse<String> refused = plan(wrong);
      assertThat(refused.statusCode()).as(wrong).isEqualTo(401);
      assertThat(refused.body()).doesNotContain("{}");
      assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }
    Files.writeString(tokens, "third");
    assertThat(plan("Bearer first").statusCode()).isEqualTo(401);
    assertThat(plan("Bearer third").statusCode()).isEqualTo(200);
    Files.delete(tokens);
    assertThat(plan("Bearer third").statusCode()).isEqualTo(401);
  }

  private HttpResponse<String> plan(String authorization) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create("http://%s:%d/plan".formatted(LOCAL.getHostAddress(), server.port())))
              .header("Authorization", authorization)
              .build(),
          BodyHandlers.ofString());
    }
  }
}
