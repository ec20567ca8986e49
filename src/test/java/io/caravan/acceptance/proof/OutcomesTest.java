/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.acceptance.Manifests;
import io.caravan.acceptance.NumberedRequests;
import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawSender;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The conformance cases of what a backend's answer means, each with a backend of its own and a
 * pipeline to it: one request goes to all of them. A backend gives its answer once, and then OK.
 */
class OutcomesTest {
  private static final List<Status.Code> PASSING =
      List.of(
          Status.Code.CANCELLED,
          Status.Code.DEADLINE_EXCEEDED,
          Status.Code.ABORTED,
          Status.Code.OUT_OF_RANGE,
          Status.Code.UNAVAILABLE,
          Status.Code.DATA_LOSS);
  private static final List<Status.Code> FOR_GOOD =
      List.of(
          Status.Code.UNKNOWN,
          Status.Code.INVALID_ARGUMENT,
          Status.Code.NOT_FOUND,
          Status.Code.ALREADY_EXISTS,
          Status.Code.FAILED_PRECONDITION,
          Status.Code.UNIMPLEMENTED,
          Status.Code.INTERNAL);
  private static final List<Status.Code> TO_BE_MENDED =
      List.of(Status.Code.PERMISSION_DENIED, Status.Code.UNAUTHENTICATED);
  private static final List<Integer> PASSING_STATUS = List.of(429, 502, 503, 504);
  private static final List<Integer> STATUS_FOR_GOOD = List.of(400, 404, 413, 500, 501);
  private static final List<Integer> STATUS_TO_BE_MENDED = List.of(401, 403);

  @RegisterExtension static final CaravanProcess CARAVAN = CaravanProcess.asShipped(Map.of());

  private static final Map<String, Backend> BACKENDS = new TreeMap<>();

  /** One that answers as it is told the first time. */
  private interface Backend extends AutoCloseable {
    String protocol();

    String endpoint();

    /** When requests came, in nanoseconds. */
    List<Long> tries();

    @Override
    void close();
  }

  private record GrpcBackend(ScriptedBackend server, List<Long> tries) implements Backend {
    static GrpcBackend first(Reply first) {
      GrpcBackend backend = new GrpcBackend(ScriptedBackend.grpc(), new CopyOnWriteArrayList<>());
      backend.server.behave(
          _ -> {
            backend.tries.add(System.nanoTime());
            return backend.tries.size() == 1 ? first : Reply.of(Status.Code.OK);
          });
      return backend;
    }

    @Override
    public String protocol() {
      return "grpc";
    }

    @Override
    public String endpoint() {
      return server.endpoint();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  private record HttpBackend(HttpServer server, List<Long> tries) implements Backend {
    /** The answer has {@code Retry-After}, unless that is empty. */
    static HttpBackend first(int status, Supplier<String> retryAfter) throws IOException {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpBackend backend =
          new HttpBackend(HttpServer.create(any, 0), new CopyOnWriteArrayList<>());
      backend.server.createContext(
          "/v1/traces",
          call -> {
            backend.tries.add(System.nanoTime());
            boolean first = backend.tries.size() == 1;
            if (first && !retryAfter.get().isEmpty()) {
              call.getResponseHeaders().set("Retry-After", retryAfter.get());
            }
            answer(call, first ? status : 200);
          });
      backend.server.start();
      return backend;
    }

    private static void answer(HttpExchange call, int status) throws IOException {
      try (call) {
        call.getRequestBody().readAllBytes();
        call.getResponseHeaders().set("Content-Type", "application/x-protobuf");
        call.sendResponseHeaders(status, -1);
      }
    }

    @Override
    public String protocol() {
      return "http";
    }

    @Override
    public String endpoint() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @BeforeAll
  static void sendOneRequestToAll() throws IOException {
    for (Status.Code code : Status.Code.values()) {
      if (code != Status.Code.OK && code != Status.Code.RESOURCE_EXHAUSTED) {
        add(name(code), GrpcBackend.first(Reply.of(code)));
      }
    }
    add("exhausted", GrpcBackend.first(Reply.of(Status.Code.RESOURCE_EXHAUSTED)));
    add("exhausted-for-7s", GrpcBackend.first(throttled(Status.Code.RESOURCE_EXHAUSTED)));
    add("unavailable-for-7s", GrpcBackend.first(throttled(Status.Code.UNAVAILABLE)));
    for (List<Integer> statuses : List.of(PASSING_STATUS, STATUS_FOR_GOOD, STATUS_TO_BE_MENDED)) {
      for (int status : statuses) {
        add("http-" + status, HttpBackend.first(status, () -> ""));
      }
    }
    add("http-429-for-3s", HttpBackend.first(429, () -> "3"));
    add("http-503-for-3s", HttpBackend.first(503, () -> "3"));
    add("http-503-until", HttpBackend.first(503, OutcomesTest::inFourSeconds));
    CARAVAN.start();
    try (RawSender sender = new RawSender(CARAVAN.grpcPort())) {
      byte[] request = NumberedRequests.request(OtlpMethod.TRACES, 1);
      assertThat(sender.send(OtlpMethod.TRACES, request).join().isOk()).isTrue();
    }
    Awaitility.await("every backend was tried")
        .atMost(Duration.ofSeconds(30))
        .until(() -> BACKENDS.values().stream().noneMatch(each -> each.tries().isEmpty()));
  }

  private static void add(String name, Backend backend) {
    BACKENDS.put(name, backend);
    CARAVAN.write(
        name + ".yaml",
        Manifests.pipeline(
                "TracePipeline",
                name,
                Manifests.otlp(backend.protocol(), "none", backend.endpoint()))
            + "  delivery: {retry: {initial: 1s, max: 2s}}\n");
  }

  private static String name(Status.Code code) {
    return code.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Reply throttled(Status.Code code) {
    return new Reply.Answer(code, Duration.ZERO, Optional.of(Duration.ofSeconds(7)));
  }

  /** As a date, which has whole seconds. */
  private static String inFourSeconds() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(4));
  }

  @AfterAll
  static void stop() {
    BACKENDS.values().forEach(Backend::close);
  }

  @Test
  void c01To06ShouldTryTwiceAndDeliverOnceWhatMayPass() {
    PASSING.forEach(code -> assertDeliveredAtTheSecondTry(name(code), Duration.ZERO));
  }

  @Test
  void c07To16ShouldNotTryAgainButPutAsideWhatIsRefusedForGood() {
    FOR_GOOD.forEach(code -> assertPutAside(name(code)));
    assertPutAside("exhausted");
  }

  /** Of the specification's C07 to C15 the two that are nobody's data's fault. */
  @Test
  void c07To15ShouldKeepWhatWaitsForBetterCredentials() {
    TO_BE_MENDED.forEach(code -> assertDeliveredAtTheSecondTry(name(code), Duration.ZERO));
    STATUS_TO_BE_MENDED.forEach(
        status -> assertDeliveredAtTheSecondTry("http-" + status, Duration.ZERO));
  }

  @Test
  void c17To19ShouldNotTryAgainBeforeTheBackendWantsIt() {
    assertDeliveredAtTheSecondTry("exhausted-for-7s", Duration.ofSeconds(7));
    assertDeliveredAtTheSecondTry("unavailable-for-7s", Duration.ofSeconds(7));
    assertDeliveredAtTheSecondTry("http-429-for-3s", Duration.ofSeconds(3));
    assertDeliveredAtTheSecondTry("http-503-for-3s", Duration.ofSeconds(3));
    assertDeliveredAtTheSecondTry("http-503-until", Duration.ofSeconds(3));
  }

  @Test
  void c20ShouldTryTwiceAndDeliverOnceWhatAGatewayAnswersAndPutAsideTheRest() {
    PASSING_STATUS.forEach(
        status -> assertDeliveredAtTheSecondTry("http-" + status, Duration.ZERO));
    STATUS_FOR_GOOD.forEach(status -> assertPutAside("http-" + status));
  }

  private static void assertDeliveredAtTheSecondTry(String name, Duration notBefore) {
    Awaitility.await(name).atMost(Duration.ofSeconds(60)).until(() -> books(name).delivered() == 1);
    List<Long> tries = tries(name);
    assertThat(tries).as(name).hasSize(2);
    assertThat(Duration.ofNanos(tries.get(1) - tries.get(0)))
        .as(name)
        .isGreaterThanOrEqualTo(notBefore);
    assertThat(books(name).deadLettered()).as(name).isZero();
    assertThat(books(name).missing()).as(name).isZero();
  }

  private static void assertPutAside(String name) {
    Awaitility.await(name)
        .atMost(Duration.ofSeconds(30))
        .until(() -> books(name).deadLettered() == 1);
    assertThat(tries(name)).as(name).hasSize(1);
    assertThat(books(name).delivered()).as(name).isZero();
    assertThat(books(name).missing()).as(name).isZero();
  }

  private static List<Long> tries(String name) {
    Backend backend = BACKENDS.get(name);
    assertThat(backend).as(name).isNotNull();
    return backend.tries();
  }

  /** As /metrics says. */
  private static Books books(String name) {
    return Books.of(CARAVAN, name);
  }
}
