/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.rpc.Status;
import io.caravan.otlp.HostileBytes.Case;
import io.caravan.otlp.HostileBytes.Verdict;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Unusual and broken requests over real sockets, to a backend of generated classes. */
@ExtendWith(NoLeaks.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileDeliveryTest {
  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Queue<Message> delivered = new ConcurrentLinkedQueue<>();
  private Server backend;
  private ManagedChannel channel;
  private int httpPort;

  @BeforeAll
  void start() throws Exception {
    backend =
        Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
            .addService(service(TraceServiceGrpc.getExportMethod()))
            .addService(service(MetricsServiceGrpc.getExportMethod()))
            .addService(service(LogsServiceGrpc.getExportMethod()))
            .build()
            .start();
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("otlp:receiver?grpcPort=0&httpPort=0")
                .routeId("gateway")
                .to("otlp:grpc?endpoint=http://127.0.0.1:" + backend.getPort());
          }
        });
    camel.start();
    OtlpConsumer receiver = (OtlpConsumer) camel.getRoute("gateway").getConsumer();
    httpPort = receiver.httpPort();
    channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + receiver.grpcPort(), InsecureChannelCredentials.create())
            .build();
  }

  /** Keeps each request as the generated classes read it. */
  private <Q extends Message, A extends Message> ServerServiceDefinition service(
      MethodDescriptor<Q, A> export) {
    A ok = export.parseResponse(InputStream.nullInputStream());
    return ServerServiceDefinition.builder(export.getServiceName())
        .addMethod(
            export,
            ServerCalls.asyncUnaryCall(
                (request, answer) -> {
                  delivered.add(request);
                  answer.onNext(ok);
                  answer.onCompleted();
                }))
        .build();
  }

  @AfterAll
  void stop() throws InterruptedException {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    http.close();
    camel.stop();
    backend.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  @BeforeEach
  void forget() {
    delivered.clear();
  }

  static List<Case> same() {
    return HostileBytes.which(v -> v == Verdict.SAME);
  }

  static List<Case> passedOn() {
    return HostileBytes.which(v -> v == Verdict.PASSED_ON);
  }

  static List<Case> refused() {
    return HostileBytes.which(v -> v == Verdict.REFUSED || v == Verdict.REFUSED_BUT_BY_JAVA);
  }

  private static Message generated(Case c) throws Exception {
    return switch (c.signal()) {
      case TRACES -> ExportTraceServiceRequest.parseFrom(c.bytes());
      case METRICS -> ExportMetricsServiceRequest.parseFrom(c.bytes());
      case LOGS -> ExportLogsServiceRequest.parseFrom(c.bytes());
    };
  }

  @ParameterizedTest
  @MethodSource("same")
  void g18ShouldDeliverOverGrpcWhatTheBackendWouldHaveReadItself(Case c) throws Exception {
    byte[] answer = export(channel, c);

    assertThat(answer).as("partial_success is not set").isEmpty();
    assertThat(delivered).containsExactly(generated(c));
  }

  @ParameterizedTest
  @MethodSource("same")
  void h01ShouldDeliverOverHttpWhatTheBackendWouldHaveReadItself(Case c) throws Exception {
    HttpResponse<byte[]> answer = post(c);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(delivered).containsExactly(generated(c));
  }

  @ParameterizedTest
  @MethodSource("passedOn")
  void shouldAnswerWithTheBackendsRefusalOfWhatNobodyElseLooksAt(Case c) {
    StatusRuntimeException refusal = refusal(c);

    // What grpc-java says of a request that its classes do not read; nobody sends that again.
    assertThat(refusal.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.UNKNOWN);
    assertThat(delivered).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void g09ShouldRefuseOverGrpcWhatIsBroken(Case c) {
    StatusRuntimeException refusal = refusal(c);

    assertThat(refusal.getStatus().getCode()).isEqualTo(io.grpc.Status.Code.INVALID_ARGUMENT);
    assertThat(refusal.getStatus().getDescription())
        .startsWith("Not an export request for " + c.signal().lowerName())
        .contains("at offset ");
    assertThat(delivered).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void h12ShouldRefuseOverHttpWhatIsBroken(Case c) throws Exception {
    HttpResponse<byte[]> answer = post(c);

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("content-type")).contains("application/x-protobuf");
    assertThat(Status.parseFrom(answer.body()).getMessage()).contains("at offset ");
    assertThat(delivered).isEmpty();
  }

  private StatusRuntimeException refusal(Case c) {
    try {
      export(channel, c);
    } catch (StatusRuntimeException e) {
      return e;
    }
    throw new AssertionError("taken");
  }

  private HttpResponse<byte[]> post(Case c) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + c.signal().httpPath()))
            .header("content-type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(c.bytes()))
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  private static byte[] export(Channel channel, Case c) {
    MethodDescriptor.Marshaller<byte[]> raw = new Raw();
    return ClientCalls.blockingUnaryCall(
        channel,
        MethodDescriptor.newBuilder(raw, raw)
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(c.signal().grpcPath().substring(1))
            .build(),
        CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
        c.bytes());
  }

  /** Bytes as they are. */
  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
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
}
