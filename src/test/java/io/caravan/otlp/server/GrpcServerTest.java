/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Any;
import com.google.protobuf.UnknownFieldSet;
import com.google.rpc.RetryInfo;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Reply;
import io.caravan.otlp.Signal;
import io.caravan.otlp.Telemetry;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The gRPC port, as grpc-java sees it. The ids are those of the conformance table. */
@ExtendWith(NoLeaks.class)
class GrpcServerTest {
  private static final int LIMIT = 1 << 20;

  private final Receiving receiving = new Receiving();
  private OtlpServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(new ServerSettings("127.0.0.1", 0, -1, LIMIT), receiving);
    channel = connect();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.close();
  }

  private ManagedChannel connect() {
    return Grpc.newChannelBuilder(
            "127.0.0.1:" + server.grpcPort(), InsecureChannelCredentials.create())
        .build();
  }

  private TraceServiceGrpc.TraceServiceBlockingStub traces() {
    return TraceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS);
  }

  private static StatusRuntimeException failure(Runnable call) {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    assertThatThrownBy(call::run).isInstanceOf(StatusRuntimeException.class).satisfies(thrown::set);
    return (StatusRuntimeException) thrown.get();
  }

  private static List<Any> details(StatusRuntimeException failure) {
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    return status == null ? List.of() : status.getDetailsList();
  }

  @Test
  void g01ShouldTakeTracesAndLeavePartialSuccessUnset() throws Exception {
    ExportTraceServiceRequest request = Telemetry.spans(512);

    ExportTraceServiceResponse response = traces().export(request);

    assertThat(response.hasPartialSuccess()).isFalse();
    assertThat(receiving.received()).hasSize(1);
    assertThat(receiving.received().getFirst().signal()).isEqualTo(Signal.TRACES);
    assertThat(receiving.received().getFirst().records()).isEqualTo(512);
    assertThat(ExportTraceServiceRequest.parseFrom(receiving.received().getFirst().bytes()))
        .isEqualTo(request);
  }

  @Test
  void g02ShouldTakeMetrics() throws Exception {
    ExportMetricsServiceRequest request = Telemetry.points(100);

    assertThat(MetricsServiceGrpc.newBlockingStub(channel).export(request).hasPartialSuccess())
        .isFalse();

    assertThat(ExportMetricsServiceRequest.parseFrom(receiving.received().getFirst().bytes()))
        .isEqualTo(request);
  }

  @Test
  void g03ShouldTakeLogs() throws Exception {
    ExportLogsServiceRequest request = Telemetry.records(100);

    assertThat(LogsServiceGrpc.newBlockingStub(channel).export(request).hasPartialSuccess())
        .isFalse();

    assertThat(ExportLogsServiceRequest.parseFrom(receiving.received().getFirst().bytes()))
        .isEqualTo(request);
  }

  @Test
  void g04ShouldTakeEmptyRequests() {
    traces().export(ExportTraceServiceRequest.getDefaultInstance());
    traces()
        .export(
            ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.getDefaultInstance())
                .build());
    LogsServiceGrpc.newBlockingStub(channel)
        .export(
            ExportLogsServiceRequest.newBuilder()
                .addResourceLogs(
                    ResourceLogs.newBuilder().addScopeLogs(ScopeLogs.getDefaultInstance()))
                .build());

    assertThat(receiving.received()).hasSize(3);
  }

  @Test
  void g06ShouldSayWhichCompressionsItTakes() {
    CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
    registry.register(new UnknownCodec());
    ManagedChannel own =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.grpcPort(), InsecureChannelCredentials.create())
            .compressorRegistry(registry)
            .build();
    AtomicReference<Metadata> headers = new AtomicReference<>();
    AtomicReference<Metadata> trailers = new AtomicReference<>();
    try {
      StatusRuntimeException failure =
          failure(
              () ->
                  TraceServiceGrpc.newBlockingStub(
                          ClientInterceptors.intercept(
                              own, MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)))
                      .withCompression("brotli")
                      .export(Telemetry.spans(1)));

      assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
      assertThat(failure.getStatus().getDescription()).contains("brotli", "gzip");
      assertThat(
              trailers
                  .get()
                  .get(Metadata.Key.of("grpc-accept-encoding", Metadata.ASCII_STRING_MARSHALLER)))
          .isEqualTo("identity,gzip,zstd,snappy,deflate");
    } finally {
      own.shutdownNow();
    }
  }

  @Test
  void g07ShouldRefuseAMessageBeyondTheLimitForGood() {
    StatusRuntimeException failure = failure(() -> traces().export(Telemetry.spans(8192)));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(failure.getStatus().getDescription()).contains("1048576 bytes");
    assertThat(details(failure)).isEmpty();
    assertThat(receiving.received()).isEmpty();
  }

  @Test
  void g07ShouldGoOnServingTheConnectionThatSentTooMuch() {
    failure(() -> traces().export(Telemetry.spans(8192)));

    traces().export(Telemetry.spans(10));

    assertThat(receiving.received()).hasSize(1);
  }

  @Test
  void g09ShouldRefuseBytesThatAreNoExportRequest() {
    StatusRuntimeException failure =
        failure(() -> raw("/" + TraceServiceGrpc.SERVICE_NAME + "/Export", new byte[] {1, 2, 3}));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(receiving.received()).isEmpty();
  }

  @Test
  void g10ShouldSayWhenToTryAgain() throws Exception {
    receiving.answerWith(
        new OtlpStatus(GrpcCode.UNAVAILABLE, "full: 100 %", Duration.ofMillis(7500)));

    StatusRuntimeException failure = failure(() -> traces().export(Telemetry.spans(1)));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(failure.getStatus().getDescription()).isEqualTo("full: 100 %");
    Any detail = details(failure).getFirst();
    RetryInfo info = detail.unpack(RetryInfo.class);
    assertThat(info.getRetryDelay().getSeconds()).isEqualTo(7);
    assertThat(info.getRetryDelay().getNanos()).isEqualTo(500_000_000);
  }

  @Test
  void g11ShouldSayHowManyRecordsWereRejected() {
    receiving.answerWith(new Reply.Taken(300, "too old"));

    var traces = TraceServiceGrpc.newBlockingStub(channel).export(Telemetry.spans(512));
    var metrics = MetricsServiceGrpc.newBlockingStub(channel).export(Telemetry.points(512));
    var logs = LogsServiceGrpc.newBlockingStub(channel).export(Telemetry.records(512));

    assertThat(traces.getPartialSuccess().getRejectedSpans()).isEqualTo(300);
    assertThat(traces.getPartialSuccess().getErrorMessage()).isEqualTo("too old");
    assertThat(metrics.getPartialSuccess().getRejectedDataPoints()).isEqualTo(300);
    assertThat(logs.getPartialSuccess().getRejectedLogRecords()).isEqualTo(300);
  }

  @Test
  void g12ShouldPassAWarningOn() {
    receiving.answerWith(new Reply.Taken(0, "use the new endpoint"));

    var answer = TraceServiceGrpc.newBlockingStub(channel).export(Telemetry.spans(1));

    assertThat(answer.hasPartialSuccess()).isTrue();
    assertThat(answer.getPartialSuccess().getRejectedSpans()).isZero();
    assertThat(answer.getPartialSuccess().getErrorMessage()).isEqualTo("use the new endpoint");
  }

  @Test
  void g20ShouldCutAMessageThatWouldMakeTheAnswerTooLarge() {
    String text = "\ud83d\ude00".repeat(3 << 20);
    receiving.answerWith(new Reply.Taken(1, text));

    var answer = TraceServiceGrpc.newBlockingStub(channel).export(Telemetry.spans(2));

    assertThat(answer.getPartialSuccess().getRejectedSpans()).isEqualTo(1);
    assertThat(text).startsWith(answer.getPartialSuccess().getErrorMessage());
    assertThat(answer.getSerializedSize()).isBetween(1000, 100_000);

    receiving.answerWith(OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, text));
    assertThat(
            failure(() -> TraceServiceGrpc.newBlockingStub(channel).export(Telemetry.spans(2)))
                .getStatus()
                .getCode())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  @Test
  void g13ShouldAnswerTenThousandRequestsOnAHundredStreamsWhileOneWaits() throws Exception {
    // given: a call whose answer is held back all the time
    receiving.hold();
    var waiting = TraceServiceGrpc.newFutureStub(channel).export(Telemetry.spans(1));
    await().until(() -> receiving.held().size() == 1);
    receiving.goOn();

    // when
    Semaphore streams = new Semaphore(100);
    List<Future<ExportTraceServiceResponse>> answers = new ArrayList<>();
    ExportTraceServiceRequest request = Telemetry.spans(1);
    for (int i = 0; i < 10_000; i++) {
      assertThat(streams.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
      var answer = TraceServiceGrpc.newFutureStub(channel).export(request);
      answer.addListener(streams::release, Runnable::run);
      answers.add(answer);
    }

    // then
    for (Future<ExportTraceServiceResponse> answer : answers) {
      assertThat(answer.get(10, TimeUnit.SECONDS).hasPartialSuccess()).isFalse();
    }
    assertThat(receiving.received()).hasSize(10_001);
    assertThat(waiting.isDone()).isFalse();
    receiving.held().getFirst().reply(Reply.Taken.WHOLLY);
    assertThat(waiting.get(10, TimeUnit.SECONDS).hasPartialSuccess()).isFalse();
  }

  @Test
  void g14ShouldForgetACallThatItsClientCancels() {
    receiving.hold();
    var call = TraceServiceGrpc.newFutureStub(channel).export(Telemetry.spans(512));
    await().until(() -> receiving.held().size() == 1);

    call.cancel(true);
    receiving.held().getFirst().reply(Reply.Taken.WHOLLY);

    // The connection is as good as before, and no buffer is lost (see NoLeaks).
    var next = TraceServiceGrpc.newFutureStub(channel).export(Telemetry.spans(1));
    await().until(() -> receiving.held().size() == 2);
    receiving.held().get(1).reply(Reply.Taken.WHOLLY);
    await().until(next::isDone);
    assertThat(next).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void g16ShouldNotKnowOtherMethods() {
    StatusRuntimeException failure =
        failure(() -> raw("/" + TraceServiceGrpc.SERVICE_NAME + "/Import", new byte[0]));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void g17ShouldNotKnowTheProfilesSignal() {
    StatusRuntimeException failure =
        failure(
            () ->
                raw(
                    "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export",
                    new byte[0]));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
  }

  @Test
  void g18ShouldKeepFieldsThatItDoesNotKnow() throws Exception {
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(9999, UnknownFieldSet.Field.newBuilder().addVarint(42).build())
            .build();
    ExportTraceServiceRequest request =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(
                ResourceSpans.newBuilder()
                    .addScopeSpans(
                        ScopeSpans.newBuilder()
                            .addSpans(Span.newBuilder().setName("x").setUnknownFields(unknown))))
            .build();

    traces().export(request);

    assertThat(receiving.received().getFirst().bytes()).isEqualTo(request.toByteString());
  }

  @Test
  void g19ShouldAnswerWhatIsInFlightAndRefuseTheRestWhenItDrains() {
    receiving.hold();
    var inFlight = TraceServiceGrpc.newFutureStub(channel).export(Telemetry.spans(512));
    await().until(() -> receiving.held().size() == 1);

    var drained = server.drain(Duration.ofSeconds(10));
    StatusRuntimeException refused =
        await()
            .until(
                () -> {
                  try {
                    var late = connect();
                    try {
                      TraceServiceGrpc.newBlockingStub(late)
                          .withDeadlineAfter(1, TimeUnit.SECONDS)
                          .export(Telemetry.spans(1));
                    } finally {
                      late.shutdownNow();
                    }
                    return null;
                  } catch (StatusRuntimeException e) {
                    return e;
                  }
                },
                e -> e != null && e.getStatus().getCode() == Status.Code.UNAVAILABLE);
    assertThat(refused).isNotNull();
    assertThat(drained).isNotDone();
    receiving.held().getFirst().reply(Reply.Taken.WHOLLY);

    assertThat(inFlight).succeedsWithin(Duration.ofSeconds(5));
    assertThat(drained).succeedsWithin(Duration.ofSeconds(5));
  }

  @Test
  void shouldNameThePortThatIsTaken() {
    assertThatThrownBy(
            () ->
                TestServer.start(
                    new ServerSettings("127.0.0.1", -1, server.grpcPort(), LIMIT), receiving))
        .isInstanceOfSatisfying(
            BindFailedException.class,
            e -> {
              assertThat(e.port()).isEqualTo(server.grpcPort());
              assertThat(e.protocol()).isEqualTo(BindFailedException.Protocol.HTTP);
            })
        .hasMessageContaining("127.0.0.1:" + server.grpcPort());
  }

  private void raw(String method, byte[] message) {
    MethodDescriptor<byte[], byte[]> descriptor =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method.substring(1))
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    ClientCalls.blockingUnaryCall(channel, descriptor, CallOptions.DEFAULT, message);
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class UnknownCodec implements Codec {
    @Override
    public String getMessageEncoding() {
      return "brotli";
    }

    @Override
    public InputStream decompress(InputStream is) {
      return is;
    }

    @Override
    public OutputStream compress(OutputStream os) {
      return os;
    }
  }
}
