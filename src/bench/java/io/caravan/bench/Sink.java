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
 * The process that stands for the backend: accepts OTLP/gRPC on a port of its choice and counts.
 *
 * <p>It obeys commands on standard input, one a line, each with one line of answer: {@code port},
 * {@code report}, {@code clear}.
 */
final class Sink {

  private final SinkCounts counts = new SinkCounts();
  private final EpollEventLoopGroup loop = new EpollEventLoopGroup(1);
  private final int port;

  private Sink() throws InterruptedException {
    Channel server =
        new ServerBootstrap()
            .group(loop)
            .channel(EpollServerSocketChannel.class)
            .childOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(256 << 10))
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new SinkConnection(counts));
                  }
                })
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    port = ((InetSocketAddress) server.localAddress()).getPort();
  }

  private String answer(String command) throws Exception {
    return switch (command) {
      case "port" -> Integer.toString(port);
      case "report" -> loop.submit(this::report).get();
      case "clear" -> loop.submit(counts::clear, "cleared").get();
      default -> throw new IllegalArgumentException("unknown command " + command);
    };
  }

  private String report() {
    return counts.requests + " " + counts.bytes + " " + counts.records;
  }

  public static void main(String[] args) throws Exception {
    Sink sink = new Sink();
    Commands.serve(sink::answer);
    sink.loop.shutdownGracefully().sync();
  }
}
