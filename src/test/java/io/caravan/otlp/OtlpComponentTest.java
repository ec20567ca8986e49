/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.caravan.otlp.server.OtlpServer;
import io.caravan.otlp.server.ServerSettings;
import io.caravan.otlp.server.TestServer;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The component in real routes between real sockets. */
@ExtendWith(NoLeaks.class)
class OtlpComponentTest {
  private static final String RECEIVER = "otlp:receiver?grpcPort=0&httpPort=0";

  private final DefaultCamelContext camel = new DefaultCamelContext();
  private final List<ByteString> delivered = new CopyOnWriteArrayList<>();
  private final AtomicReference<OtlpStatus> backendFailure =
      new AtomicReference<>(OtlpStatus.of(GrpcCode.OK, ""));
  private OtlpServer backend;

  @BeforeEach
  void startBackend() throws Exception {
    backend =
        TestServer.start(
            new ServerSettings("127.0.0.1", 0, 0, 64 << 20),
            (batch, _, answer) -> {
              delivered.add(ByteString.copyFrom(batch.payload().nioBuffer()));
              batch.release();
              OtlpStatus status = backendFailure.get();
              if (status.code() == GrpcCode.OK) {
                answer.reply(Reply.Taken.WHOLLY);
              } else {
                answer.reply(new Reply.Declined(status));
              }
            });
    camel.getShutdownStrategy().setTimeout(10);
  }

  @AfterEach
  void stop() {
    camel.stop();
    backend.close();
  }

  private void route(String to) throws Exception {
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from(RECEIVER).routeId("gateway").to(to);
          }
        });
    camel.start();
  }

  private OtlpConsumer consumer() {
    return (OtlpConsumer) camel.getRoute("gateway").getConsumer();
  }

  private ManagedChannel connect() {
    return Grpc.newChannelBuilder(
            "127.0.0.1:" + consumer().grpcPort(), InsecureChannelCredentials.create())
        .build();
  }

  private void export(ExportTraceServiceRequest request) throws InterruptedException {
    ManagedChannel channel = connect();
    try {
      TraceServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(10, TimeUnit.SECONDS)
          .export(request);
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void shouldForwardTheBytesOverGrpc() throws Exception {
    route("otlp:grpc?endpoint=http://127.0.0.1:" + backend.grpcPort());

    export(Telemetry.spans(512));

    assertThat(delivered).containsExactly(Telemetry.spans(512).toByteString());
  }

  @Test
  void shouldForwardTheBytesOverHttp() throws Exception {
    route("otlp:http?endpoint=http://127.0.0.1:" + backend.httpPort());

    export(Telemetry.spans(512));

    assertThat(delivered).containsExactly(Telemetry.spans(512).toByteString());
  }

  @Test
  void shouldForwardCompressed() throws Exception {
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:grpc")
                .to(
                    "otlp:grpc?compression=gzip&insecure=true&endpoint=127.0.0.1:"
                        + backend.grpcPort());
            from("direct:http")
                .to("otlp:http?compression=gzip&endpoint=http://127.0.0.1:" + backend.httpPort());
          }
        });
    camel.start();

    for (String route : List.of("direct:grpc", "direct:http")) {
      Exchange exchange = send(route, Telemetry.spans(512).toByteArray(), "traces");
      assertThat(exchange.getException()).isNull();
    }

    assertThat(delivered).hasSize(2).containsOnly(Telemetry.spans(512).toByteString());
  }

  private Exchange send(String route, byte[] body, String signal) {
    return camel
        .createFluentProducerTemplate()
        .to(route)
        .withBody(body)
        .withHeader(OtlpComponent.SIGNAL_HEADER, signal)
        .send();
  }

  @Test
  void shouldTakeSecretsFromTheRegistry() throws Exception {
    camel.getRegistry().bind("headers", "X-Tenant: shop\nX-Key: s3cr3t-marker");
    camel.getRegistry().bind("pass", "p4ss-marker");
    OtlpGrpcEndpoint endpoint =
        camel.getEndpoint(
            "otlp:grpc?endpoint=localhost:4317&headers=#headers&user=me&password=#pass&timeout=2s",
            OtlpGrpcEndpoint.class);

    assertThat(endpoint.getHeaders()).contains("s3cr3t-marker");
    assertThat(endpoint.getPassword()).isEqualTo("p4ss-marker");
    assertThat(endpoint.getTimeout()).isEqualTo("2s");
    assertThat(endpoint.getEndpointUri()).doesNotContain("marker");
  }

  @Test
  void shouldAnswerTheSenderWithTheBackendsRefusal() throws Exception {
    route("otlp:grpc?endpoint=http://127.0.0.1:" + backend.grpcPort());
    backendFailure.set(OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "no such tenant"));

    assertThatThrownBy(() -> export(Telemetry.spans(1)))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
              assertThat(e.getStatus().getDescription()).isEqualTo("no such tenant");
            });
  }

  @Test
  void shouldRefuseABodyThatIsNoExportRequest() throws Exception {
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:in").to("otlp:grpc?endpoint=http://127.0.0.1:" + backend.grpcPort());
          }
        });
    camel.start();

    Exchange exchange = send("direct:in", new byte[] {1, 2, 3}, "traces");

    assertThat(exchange.getException(DeliveryException.class).outcome())
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void shouldNameTheOptionThatCannotBeUsed() {
    assertThatThrownBy(() -> route("otlp:grpc?endpoint=localhost:4317&headers=RAW(no colon)"))
        .hasStackTraceContaining("'headers'")
        .hasStackTraceContaining("line 1");
  }

  @Test
  void shouldAnswerWhatIsInFlightWhenTheRouteIsStopped() throws Exception {
    CompletableFuture<Runnable> arrived = new CompletableFuture<>();
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from(RECEIVER).routeId("gateway").process(new Parking(arrived));
          }
        });
    camel.start();
    ManagedChannel channel = connect();
    try {
      var inFlight = TraceServiceGrpc.newFutureStub(channel).export(Telemetry.spans(10));
      Runnable resume = arrived.get(5, TimeUnit.SECONDS);

      var stopping =
          CompletableFuture.runAsync(
              () -> assertThat(camel.getRouteController()).satisfies(c -> c.stopRoute("gateway")));
      await()
          .until(
              () ->
                  camel.getRouteController().getRouteStatus("gateway").isStopping()
                      || consumer().isSuspended()
                      || consumer().isSuspending());
      resume.run();

      assertThat(inFlight).succeedsWithin(Duration.ofSeconds(5));
      assertThat(stopping).succeedsWithin(Duration.ofSeconds(10));
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }

  /** Keeps an exchange until the test lets it go on. */
  private record Parking(CompletableFuture<Runnable> arrived) implements AsyncProcessor {
    @Override
    public boolean process(Exchange exchange, org.apache.camel.AsyncCallback callback) {
      arrived.complete(() -> callback.done(false));
      return false;
    }

    @Override
    public CompletableFuture<Exchange> processAsync(Exchange exchange) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void process(Exchange exchange) {
      throw new UnsupportedOperationException();
    }
  }
}
