/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import java.net.InetSocketAddress;

/**
 * The process that stands for the backend: accepts the workload that is its argument on a port of
 * its choice and counts.
 *
 * <p>It obeys commands on standard input, one a line, each with one line of answer: {@code port},
 * {@code report}, {@code clear}, {@code limit RECORDS} (answered a second; 0 for no limit).
 */
final class Sink {

  private final EpollEventLoopGroup loop = new EpollEventLoopGroup(1);
  private final Backend backend;
  private final int port;

  private Sink(Workload workload) throws InterruptedException {
    backend = new Backend(workload);
    Channel server =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(256 << 10))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            switch (workload.transport()) {
                              case GRPC -> new GrpcSinkConnection(backend);
                              case HTTP -> new HttpSinkConnection(backend);
                            });
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    port = ((InetSocketAddress) server.localAddress()).getPort();
  }

  private String answer(String command) throws Exception {
    String[] words = command.split(" ", 2);
    return switch (words[0]) {
      case "port" -> Integer.toString(port);
      case "report" -> loop.submit(backend::report).get();
      case "clear" -> loop.submit(backend::clear).get();
      case "limit" -> loop.submit(() -> backend.limit(Integer.parseInt(words[1]))).get();
      default -> throw new IllegalArgumentException("unknown command " + command);
    };
  }

  public static void main(String[] args) throws Exception {
    Sink sink = new Sink(Workload.parse(args[0]).getFirst());
    Commands.serve(sink::answer);
    sink.loop.shutdownGracefully().sync();
  }
}
