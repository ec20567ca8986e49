/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One export request on its way through a bare forwarder.
 *
 * @param <M> what a message is on its way
 */
final class ForwardedCall<M> extends ServerCall.Listener<M> {

  private final MethodDescriptor<M, M> method;
  private final ServerCall<M, M> call;
  private final Channel client;
  private @Nullable M request;

  ForwardedCall(MethodDescriptor<M, M> method, ServerCall<M, M> call, Channel client) {
    this.method = method;
    this.call = call;
    this.client = client;
    call.request(2);
  }

  @Override
  public void onMessage(M message) {
    request = message;
  }

  @Override
  public void onHalfClose() {
    M message = request;
    if (message == null) {
      call.close(Status.INTERNAL.withDescription("no message"), new Metadata());
      return;
    }
    ClientCall<M, M> onward = client.newCall(method, CallOptions.DEFAULT);
    onward.start(new Answer(), new Metadata());
    onward.request(2);
    onward.sendMessage(message);
    onward.halfClose();
  }

  private final class Answer extends ClientCall.Listener<M> {
    @Override
    public void onMessage(M message) {
      call.sendHeaders(new Metadata());
      call.sendMessage(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      call.close(status, new Metadata());
    }
  }

  /** Describes the trace service's only method. */
  static <M> MethodDescriptor<M, M> method(MethodDescriptor.Marshaller<M> marshaller) {
    return MethodDescriptor.<M, M>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName("opentelemetry.proto.collector.trace.v1.TraceService/Export")
        .setRequestMarshaller(marshaller)
        .setResponseMarshaller(marshaller)
        .build();
  }

  /** Describes the trace service of a forwarder whose client for a call is known when it comes. */
  static <M> ServerServiceDefinition service(
      MethodDescriptor<M, M> method, Supplier<Channel> client) {
    return ServerServiceDefinition.builder("opentelemetry.proto.collector.trace.v1.TraceService")
        .addMethod(method, (call, _) -> new ForwardedCall<>(method, call, client.get()))
        .build();
  }
}
