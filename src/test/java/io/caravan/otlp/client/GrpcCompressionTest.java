/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Telemetry;
import io.caravan.otlp.client.Endpoint.Transport;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.CompressionNames;
import io.caravan.otlp.compress.ReferenceCodec;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the gRPC exporter compresses, read by grpc-java with other libraries. */
@ExtendWith(NoLeaks.class)
class GrpcCompressionTest {
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

  private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final List<String> encodings = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init") // set by start
  private Server server;

  private void start(String word, Compression compression) throws Exception {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .decompressorRegistry(
                DecompressorRegistry.emptyInstance()
                    .with(new ReferenceCodec(word, compression), true))
            .addService(new Backend())
            .intercept(new Encodings())
            .build()
            .start();
  }

  @AfterEach
  void stop() throws Exception {
    server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "ZSTD", "SNAPPY_FRAMED"})
  void shouldCompressSoThatOthersUnderstand(Compression compression) throws Exception {
    String word = CompressionNames.GRPC.of(compression);
    start(word, compression);
    ExporterSettings settings =
        ExporterSettings.of(
                Endpoint.grpc("http://127.0.0.1:" + server.getPort(), Transport.PLAINTEXT))
            .with(compression);

    try (Exporter exporter = GrpcExporter.create(settings)) {
      assertThat(Exports.spans(exporter, 512)).isEqualTo(Outcome.Delivered.ALL);
      assertThat(Exports.spans(exporter, 0)).isEqualTo(Outcome.Delivered.ALL);
    }

    assertThat(requests).containsExactly(Telemetry.spans(512), Telemetry.spans(0));
    assertThat(encodings).containsOnly(word);
  }

  private final class Backend extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
      requests.add(request);
      answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private final class Encodings implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      encodings.add(headers.get(ENCODING));
      return next.startCall(call, headers);
    }
  }
}
