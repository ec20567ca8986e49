/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * A byte forwarder as one writes it with grpc-java in ten lines: every message an array, the
 * library's own event loops and windows, direct executors. Arguments: the port to listen on, the
 * port to forward to.
 */
final class PlainGrpcForwarder {

  private PlainGrpcForwarder() {}

  public static void main(String[] args) throws Exception {
    InetAddress here = InetAddress.getLoopbackAddress();
    ManagedChannel client =
        NettyChannelBuilder.forAddress(new InetSocketAddress(here, Integer.parseInt(args[1])))
            .usePlaintext()
            .directExecutor()
            .build();
    NettyServerBuilder.forAddress(new InetSocketAddress(here, Integer.parseInt(args[0])))
        .directExecutor()
        .maxInboundMessageSize(64 << 20)
        .addService(
            ForwardedCall.service(ForwardedCall.method(new ArrayMarshaller()), () -> client))
        .build()
        .start()
        .awaitTermination();
  }
}
