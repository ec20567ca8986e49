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
 * port to forward to, the workload.
 */
final class PlainGrpcForwarder {

  private PlainGrpcForwarder() {}

  public static void main(String[] args) throws Exception {
    Workload workload = Workload.parse(args[2]).getFirst();
    PassThroughCodec codec = new PassThroughCodec(workload.encoding().word());
    InetAddress here = InetAddress.getLoopbackAddress();
    ManagedChannel client =
        NettyChannelBuilder.forAddress(new InetSocketAddress(here, Integer.parseInt(args[1])))
            .usePlaintext()
            .compressorRegistry(codec.compressors())
            .directExecutor()
            .build();
    NettyServerBuilder.forAddress(new InetSocketAddress(here, Integer.parseInt(args[0])))
        .directExecutor()
        .maxInboundMessageSize(64 << 20)
        .decompressorRegistry(codec.decompressors())
        .addService(ForwardedMethod.of(workload, new ArrayMarshaller()).service(() -> client))
        .build()
        .start()
        .awaitTermination();
  }
}
