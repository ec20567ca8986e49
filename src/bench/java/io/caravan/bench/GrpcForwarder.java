/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The floor: a bare grpc-java server that forwards the bytes of every export request over a
 * grpc-java client and hands the answer back. It looks at nothing and keeps nothing.
 *
 * <p>It is what grpc-java can do at best: epoll, direct executors, fixed windows (so no bandwidth
 * probes), messages passed on without an array of their own, and a client for each event loop, so
 * that no request changes threads. Arguments: the port to listen on, the port to forward to, the
 * workload, event loops.
 */
final class GrpcForwarder {

  private static final int WINDOW = 8 << 20;
  private static final int MESSAGE_LIMIT = 64 << 20;

  private GrpcForwarder() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    int target = Integer.parseInt(args[1]);
    EventLoopGroup loops = new EpollEventLoopGroup(Integer.parseInt(args[3]));
    Workload workload = Workload.parse(args[2]).getFirst();
    PassThroughCodec codec = new PassThroughCodec(workload.encoding().word());
    FastThreadLocal<ManagedChannel> clients = new FastThreadLocal<>();
    for (EventExecutor executor : loops) {
      ManagedChannel client = client(target, codec, (EventLoop) executor);
      executor.submit(() -> clients.set(client)).sync();
    }
    NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
        .directExecutor()
        .bossEventLoopGroup(loops)
        .workerEventLoopGroup(loops)
        .channelType(EpollServerSocketChannel.class)
        .flowControlWindow(WINDOW)
        .maxInboundMessageSize(MESSAGE_LIMIT)
        .decompressorRegistry(codec.decompressors())
        .addService(ForwardedMethod.of(workload, new MessageMarshaller()).service(clients::get))
        .build()
        .start()
        .awaitTermination();
  }

  private static ManagedChannel client(int target, PassThroughCodec codec, EventLoop loop) {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), target))
        .usePlaintext()
        .compressorRegistry(codec.compressors())
        .directExecutor()
        .eventLoopGroup(loop)
        .channelType(EpollSocketChannel.class)
        .flowControlWindow(WINDOW)
        .build();
  }
}
