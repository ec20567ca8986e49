/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.function.Supplier;

/**
 * The method of a workload's signal, as a bare forwarder passes it on.
 *
 * @param descriptor the method, on the server's side and on the client's
 * @param options of the onward call: compressed as the call was that came in
 * @param <M> what a message is on its way
 */
record ForwardedMethod<M>(MethodDescriptor<M, M> descriptor, CallOptions options) {

  static <M> ForwardedMethod<M> of(Workload workload, MethodDescriptor.Marshaller<M> marshaller) {
    return new ForwardedMethod<>(
        MethodDescriptor.<M, M>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(workload.signal().grpcPath().substring(1))
            .setRequestMarshaller(marshaller)
            .setResponseMarshaller(marshaller)
            .build(),
        CallOptions.DEFAULT.withCompression(workload.encoding().word()));
  }

  /** Describes the service of a forwarder whose client for a call is known when it comes. */
  ServerServiceDefinition service(Supplier<Channel> client) {
    String service = MethodDescriptor.extractFullServiceName(descriptor.getFullMethodName());
    return ServerServiceDefinition.builder(java.util.Objects.requireNonNull(service))
        .addMethod(descriptor, (call, _) -> new ForwardedCall<>(this, call, client.get()))
        .build();
  }
}
