/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.caravan.acceptance.fixture.OtlpMethod;
import io.caravan.acceptance.fixture.RawGrpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.logging.Level;
import java.util.logging.Logger;

/** OTLP/gRPC of traces, on grpc-java. */
final class GrpcWire implements Wire {
  private static final String METHOD = OtlpMethod.TRACES.fullName();

  /** A warning with its stack for each stream that a broken connection had. */
  private static final Logger STREAM_ERRORS = Logger.getLogger("io.grpc.netty.NettyServerHandler");

  static {
    STREAM_ERRORS.setLevel(Level.SEVERE);
  }

  private final Server server;

  GrpcWire(Handler handler) {
    this(handler, InsecureServerCredentials.create());
  }

  GrpcWire(Handler handler, ServerCredentials credentials) {
    ServerServiceDefinition traces =
        ServerServiceDefinition.builder(METHOD.substring(0, METHOD.indexOf('/')))
            .addMethod(
                RawGrpc.method(METHOD),
                ServerCalls.asyncUnaryCall(
                    (request, call) -> {
                      // Without a handler an answer to who has given up is an exception.
                      ((ServerCallStreamObserver<byte[]>) call).setOnCancelHandler(() -> {});
                      handler.handle(request, answer -> end(call, answer));
                    }))
            .build();
    try {
      server =
          NettyServerBuilder.forAddress(
                  new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials)
              .directExecutor()
              .maxInboundMessageSize(64 << 20)
              .addService(traces)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void end(StreamObserver<byte[]> call, Reply.Answer answer) {
    if (answer.code() == Status.Code.OK) {
      call.onNext(new byte[0]);
      call.onCompleted();
    } else {
      call.onError(StatusProto.toStatusRuntimeException(status(answer)));
    }
  }

  private static com.google.rpc.Status status(Reply.Answer answer) {
    var status =
        com.google.rpc.Status.newBuilder()
            .setCode(answer.code().value())
            .setMessage("as it was told");
    answer
        .retryAfter()
        .ifPresent(
            delay ->
                status.addDetails(
                    Any.pack(
                        RetryInfo.newBuilder()
                            .setRetryDelay(
                                com.google.protobuf.Duration.newBuilder()
                                    .setSeconds(delay.toSeconds())
                                    .setNanos(delay.toNanosPart()))
                            .build())));
    return status.build();
  }

  @Override
  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
