/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.Duration;
import com.google.rpc.RetryInfo;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Telemetry;
import io.caravan.otlp.client.Endpoint.Transport;
import io.caravan.otlp.compress.Compression;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of an attempt, against a server of grpc-java. Ids of the conformance table. */
@ExtendWith(NoLeaks.class)
class GrpcExporterTest {
  private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Metadata> headers = new CopyOnWriteArrayList<>();
  private final Set<String> connections = ConcurrentHashMap.newKeySet();
  private volatile Consumer<StreamObserver<ExportTraceServiceResponse>> script =
      GrpcExporterTest::succeed;
  private Server server;
  private Exporter exporter;

  @BeforeEach
  void start() throws Exception {
    server = listen(0, 64 << 20);
    exporter = GrpcExporter.create(settings());
  }

  private Server listen(int port, int maxMessage) throws Exception {
    return NettyServerBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .maxInboundMessageSize(maxMessage)
        .addService(new Scripted())
        .intercept(new Recording())
        .build()
        .start();
  }

  private ExporterSettings settings() {
    return ExporterSettings.of(Endpoint.grpc("http://127.0.0.1:" + server.getPort(), Transport.TLS))
        .with(java.time.Duration.ofSeconds(2));
  }

  @AfterEach
  void stop() throws Exception {
    exporter.close();
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  private static void succeed(StreamObserver<ExportTraceServiceResponse> answer) {
    answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
    answer.onCompleted();
  }

  private Outcome outcomeOf(Status status) throws Exception {
    script = answer -> answer.onError(status.asRuntimeException());
    return Exports.spans(exporter, 1);
  }

  private Outcome outcomeWithRetryInfo(int code) throws Exception {
    com.google.rpc.Status status =
        com.google.rpc.Status.newBuilder()
            .setCode(code)
            .setMessage("slow down, 100 %")
            .addDetails(
                Any.pack(
                    RetryInfo.newBuilder()
                        .setRetryDelay(Duration.newBuilder().setSeconds(7).setNanos(500_000_000))
                        .build()))
            .build();
    script = answer -> answer.onError(StatusProto.toStatusRuntimeException(status));
    return Exports.spans(exporter, 1);
  }

  @Test
  void shouldDeliverTheBytesAsTheyAre() throws Exception {
    assertThat(Exports.spans(exporter, 512)).isEqualTo(Outcome.Delivered.ALL);

    assertThat(requests).containsExactly(Telemetry.spans(512));
  }

  @Test
  void shouldDeliverMoreThanTheBackendsWindowAtOnce() throws Exception {
    exporter.close();
    exporter = GrpcExporter.create(settings().with(java.time.Duration.ofSeconds(10)));
    assertThat(Exports.spans(exporter, 30_000)).isEqualTo(Outcome.Delivered.ALL);

    assertThat(requests.getFirst().getResourceSpans(0).getScopeSpans(0).getSpansCount())
        .isEqualTo(30_000);
  }

  @Test
  void shouldCompressAndSendItsHeaders() throws Exception {
    exporter.close();
    exporter =
        GrpcExporter.create(
            settings()
                .with(Compression.GZIP)
                .with(
                    List.of(
                        new ExporterSettings.Header("X-Tenant", "shop"),
                        ExporterSettings.Header.basic("me", "secret"))));

    assertThat(Exports.spans(exporter, 512)).isEqualTo(Outcome.Delivered.ALL);

    assertThat(requests).containsExactly(Telemetry.spans(512));
    Metadata sent = headers.getFirst();
    assertThat(sent.get(key("x-tenant"))).isEqualTo("shop");
    assertThat(sent.get(key("authorization"))).isEqualTo("Basic bWU6c2VjcmV0");
    assertThat(sent.get(key("grpc-encoding"))).isEqualTo("gzip");
  }

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "CANCELLED",
        "DEADLINE_EXCEEDED",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNAVAILABLE",
        "DATA_LOSS"
      })
  void c01To06ShouldRetryLaterWhatTheSpecificationCallsRetryable(Status.Code code)
      throws Exception {
    Outcome outcome = outcomeOf(Status.fromCode(code).withDescription("später"));

    assertThat(outcome)
        .isEqualTo(
            new Outcome.RetryLater(OtlpStatus.of(GrpcCode.valueOf(code.name()), "später"), null));
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "FAILED_PRECONDITION",
        "UNIMPLEMENTED",
        "INTERNAL"
      })
  void c07To15ShouldNotRetryWhatIsForGood(Status.Code code) throws Exception {
    Outcome outcome = outcomeOf(Status.fromCode(code).withDescription("no"));

    assertThat(outcome)
        .isEqualTo(new Outcome.Refused(OtlpStatus.of(GrpcCode.valueOf(code.name()), "no")));
  }

  @ParameterizedTest
  @EnumSource(
      value = Status.Code.class,
      names = {"PERMISSION_DENIED", "UNAUTHENTICATED"})
  void c07To15ShouldTellWrongCredentialsApart(Status.Code code) throws Exception {
    assertThat(outcomeOf(Status.fromCode(code))).isInstanceOf(Outcome.Misconfigured.class);
  }

  @Test
  void c16ShouldTakeExhaustionWithoutRetryInfoAsFinal() throws Exception {
    assertThat(outcomeOf(Status.RESOURCE_EXHAUSTED.withDescription("quota of today is used up")))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void c16ShouldKnowAMessageThatIsTooLargeForTheBackend() throws Exception {
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server = listen(0, 1000);
    exporter.close();
    exporter = GrpcExporter.create(settings());

    assertThat(Exports.spans(exporter, 100)).isInstanceOf(Outcome.TooLarge.class);
  }

  @Test
  void c17ShouldPassTheBackendsDelayOn() throws Exception {
    java.time.Duration delay = java.time.Duration.ofMillis(7500);

    assertThat(outcomeWithRetryInfo(GrpcCode.RESOURCE_EXHAUSTED.number()))
        .isEqualTo(
            new Outcome.RetryLater(
                new OtlpStatus(GrpcCode.RESOURCE_EXHAUSTED, "slow down, 100 %", delay), delay));
    assertThat(outcomeWithRetryInfo(GrpcCode.UNAVAILABLE.number()))
        .isInstanceOfSatisfying(
            Outcome.RetryLater.class, later -> assertThat(later.notBefore()).isEqualTo(delay));
  }

  @Test
  void c21ShouldCountWhatTheBackendRejects() throws Exception {
    script =
        answer -> {
          answer.onNext(
              ExportTraceServiceResponse.newBuilder()
                  .setPartialSuccess(
                      ExportTracePartialSuccess.newBuilder()
                          .setRejectedSpans(3)
                          .setErrorMessage("too old"))
                  .build());
          answer.onCompleted();
        };

    assertThat(Exports.spans(exporter, 10)).isEqualTo(new Outcome.Delivered(3, "too old"));
  }

  @Test
  void c22ShouldRetryLaterWhatWasSentBeforeTheConnectionBroke() throws Exception {
    CompletableFuture<Void> arrived = new CompletableFuture<>();
    script = answer -> arrived.complete(null);
    CompletableFuture<Outcome> outcome = Exports.start(exporter, 10);
    arrived.get(5, TimeUnit.SECONDS);

    server.shutdownNow();

    assertThat(outcome.get(5, TimeUnit.SECONDS)).isInstanceOf(Outcome.RetryLater.class);
  }

  @Test
  void c23ShouldRetryLaterWhereNobodyListens() throws Exception {
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);

    assertThat(Exports.spans(exporter, 1)).isInstanceOf(Outcome.RetryLater.class);
  }

  @Test
  void c24ShouldNotSendWhatIsLargerThanOtlpAllows() throws Exception {
    assertThat(Exports.ofSize(exporter, (64 << 20) + 1)).isInstanceOf(Outcome.TooLarge.class);

    assertThat(headers).isEmpty();
  }

  @Test
  void c25ShouldNotReadAnEndlessAnswer() throws Exception {
    ExportTraceServiceResponse large =
        ExportTraceServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportTracePartialSuccess.newBuilder().setErrorMessage("x".repeat(5 << 20)))
            .build();
    script =
        answer -> {
          answer.onNext(large);
          answer.onCompleted();
        };

    assertThat(Exports.spans(exporter, 1)).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void c26ShouldNotHaveMoreUnderWayThanTheBackendWants() throws Exception {
    // given: a backend that wants four calls at a time on a connection, and holds each for a while
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .maxConcurrentCallsPerConnection(4)
            .addService(new Scripted())
            .intercept(new Recording())
            .build()
            .start();
    exporter.close();
    exporter = GrpcExporter.create(settings());
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    script =
        answer -> {
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)
              .execute(
                  () -> {
                    underWay.decrementAndGet();
                    succeed(answer);
                  });
        };

    // when
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      outcomes.add(Exports.start(exporter, 1));
    }

    // then
    for (CompletableFuture<Outcome> outcome : outcomes) {
      assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.Delivered.ALL);
    }
    assertThat(most.get()).isBetween(2, 4 * Runtime.getRuntime().availableProcessors());
  }

  @Test
  void shouldConnectAnewWhenTheBackendIsBack() throws Exception {
    assertThat(Exports.spans(exporter, 1)).isEqualTo(Outcome.Delivered.ALL);
    int port = server.getPort();
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    assertThat(Exports.spans(exporter, 1)).isInstanceOf(Outcome.RetryLater.class);

    server = listen(port, 64 << 20);

    await()
        .untilAsserted(
            () -> assertThat(Exports.spans(exporter, 1)).isEqualTo(Outcome.Delivered.ALL));
  }

  @Test
  void c27ShouldKeepItsConnections() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertThat(Exports.spans(exporter, 1)).isEqualTo(Outcome.Delivered.ALL);
    }

    assertThat(connections).hasSizeLessThanOrEqualTo(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void c29ShouldLoseNothingWhenTheBackendGoesAway() throws Exception {
    List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      outcomes.add(Exports.start(exporter, 10));
    }
    server.shutdown();
    for (CompletableFuture<Outcome> outcome : outcomes) {
      assertThat(outcome.get(10, TimeUnit.SECONDS))
          .isInstanceOfAny(Outcome.Delivered.class, Outcome.RetryLater.class);
    }
    long delivered = outcomes.stream().filter(o -> o.join() instanceof Outcome.Delivered).count();
    assertThat(requests).hasSize((int) delivered);
  }

  @Test
  void shouldEndAnAttemptWhenItsTimeIsUp() throws Exception {
    script = answer -> {};

    assertThat(Exports.spans(exporter, 1))
        .isInstanceOfSatisfying(
            Outcome.RetryLater.class,
            later -> assertThat(later.status().code()).isEqualTo(GrpcCode.DEADLINE_EXCEEDED));
  }

  @Test
  void shouldEndAnAttemptWhoseBackendAcceptsAndSaysNothing() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Exporter own =
            GrpcExporter.create(
                ExporterSettings.of(
                        Endpoint.grpc("http://127.0.0.1:" + silent.getLocalPort(), Transport.TLS))
                    .with(java.time.Duration.ofMillis(500)))) {
      assertThat(Exports.spans(own, 1)).isInstanceOf(Outcome.RetryLater.class);
    }
  }

  @Test
  void shouldTellAHostThatDoesNotExist() throws Exception {
    try (Exporter own =
        GrpcExporter.create(
            ExporterSettings.of(Endpoint.grpc("http://does-not-exist.invalid:4317", Transport.TLS))
                .with(java.time.Duration.ofSeconds(20)))) {
      assertThat(Exports.spans(own, 1))
          .isInstanceOfSatisfying(
              Outcome.Misconfigured.class,
              wrong -> assertThat(wrong.status().message()).contains("does-not-exist.invalid"));
    }
  }

  @Test
  void shouldTellABackendThatDoesNotSpeakTls() throws Exception {
    try (Exporter own =
        GrpcExporter.create(
            ExporterSettings.of(
                Endpoint.grpc("https://127.0.0.1:" + server.getPort(), Transport.TLS)))) {
      assertThat(Exports.spans(own, 1)).isInstanceOf(Outcome.Misconfigured.class);
    }
  }

  private final class Scripted extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
      requests.add(request);
      script.accept(answer);
    }
  }

  private final class Recording implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata sent, ServerCallHandler<Q, R> next) {
      headers.add(sent);
      connections.add(
          String.valueOf(call.getAttributes().get(io.grpc.Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
      return next.startCall(call, sent);
    }
  }
}
