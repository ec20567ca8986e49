/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.caravan.otlp.NoLeaks;
import io.caravan.otlp.Telemetry;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.ReferenceCodec;
import io.grpc.CompressorRegistry;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compressed calls of grpc-java. The ids are those of the conformance table. */
@ExtendWith(NoLeaks.class)
class GrpcCompressionTest {
  private static final int LIMIT = 1 << 20;

  private final Receiving receiving = new Receiving();
  private OtlpServer server;

  @SuppressWarnings("NullAway.Init") // set by client
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.start(new ServerSettings("127.0.0.1", 0, -1, LIMIT), receiving);
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    server.close();
  }

  /** A client that says {@code word} and compresses so. */
  private TraceServiceGrpc.TraceServiceBlockingStub client(String word, Compression compression) {
    CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
    registry.register(new ReferenceCodec(word, compression));
    channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.grpcPort(), InsecureChannelCredentials.create())
            .compressorRegistry(registry)
            .build();
    return TraceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(10, TimeUnit.SECONDS)
        .withCompression(word);
  }

  @ParameterizedTest
  @CsvSource({"gzip, GZIP", "zstd, ZSTD", "snappy, SNAPPY_FRAMED", "deflate, DEFLATE"})
  void g05ShouldDecompress(String word, Compression compression) throws Exception {
    ExportTraceServiceRequest request = Telemetry.spans(512);

    client(word, compression).export(request);

    assertThat(receiving.received().getFirst().bytes()).isEqualTo(request.toByteString());
  }

  @ParameterizedTest
  @CsvSource({"gzip, GZIP", "zstd, ZSTD", "snappy, SNAPPY_FRAMED", "deflate, DEFLATE"})
  void g04ShouldTakeAnEmptyRequestThatIsCompressed(String word, Compression compression) {
    client(word, compression).export(ExportTraceServiceRequest.getDefaultInstance());

    assertThat(receiving.received()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"gzip, GZIP", "zstd, ZSTD", "snappy, SNAPPY_FRAMED", "deflate, DEFLATE"})
  void g08ShouldStopDecompressingAtTheLimit(String word, Compression compression) {
    ByteString zeros = ByteString.copyFrom(new byte[64 << 20]);
    ExportTraceServiceRequest bomb =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(ResourceSpans.newBuilder().setSchemaUrlBytes(zeros))
            .build();

    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> client(word, compression).export(bomb));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    assertThat(status == null || status.getDetailsList().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"gzip", "zstd", "snappy", "deflate"})
  void g09ShouldRefuseWhatIsNotCompressedAsItSays(String word) {
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> client(word, Compression.NONE).export(Telemetry.spans(10)));

    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(failure.getStatus().getDescription()).startsWith("The request says ");
    assertThat(receiving.received()).isEmpty();
  }
}
