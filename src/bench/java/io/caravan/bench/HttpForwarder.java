/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * The floor over HTTP/1.1: Netty's codec and aggregator on both sides, every whole request sent on
 * as it came over a connection that belongs to the one on which it came. It looks at nothing.
 *
 * <p>Arguments: the port to listen on, the port to forward to, and {@code tuned} with a number of
 * event loops (epoll, reads of 64 KiB that the decoder does not cut up) or {@code plain} (what
 * Netty does by itself).
 */
final class HttpForwarder {

  private static final int LARGEST = 64 << 20;

  /** With reads of 256 KiB it costs more, though it makes fewer of them. */
  private static final int READ = 64 << 10;

  private final Flavour flavour;
  private final EventLoopGroup loops;
  private final InetSocketAddress target;

  private enum Flavour {
    PLAIN(NioServerSocketChannel.class, NioSocketChannel.class),
    TUNED(EpollServerSocketChannel.class, EpollSocketChannel.class);

    private final Class<? extends ServerChannel> server;
    private final Class<? extends Channel> client;

    Flavour(Class<? extends ServerChannel> server, Class<? extends Channel> client) {
      this.server = server;
      this.client = client;
    }
  }

  private HttpForwarder(Flavour flavour, EventLoopGroup loops, int target) {
    this.flavour = flavour;
    this.loops = loops;
    this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), target);
  }

  private Channel listen(int port) throws InterruptedException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(flavour.server)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    ChannelPipeline pipeline = channel.pipeline();
                    pipeline.addLast(new HttpServerCodec(decoder()));
                    pipeline.addLast(new HttpObjectAggregator(LARGEST));
                    connect(channel);
                  }
                });
    if (flavour == Flavour.TUNED) {
      bootstrap
          .childOption(ChannelOption.RCVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(READ))
          .childOption(ChannelOption.TCP_NODELAY, true);
    }
    return bootstrap.bind(InetAddress.getLoopbackAddress(), port).sync().channel();
  }

  /** Opens the onward connection on the same event loop, and reads when it is open. */
  private void connect(Channel front) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(front.eventLoop())
            .channel(flavour.client)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel.pipeline().addLast(new HttpClientCodec());
                    channel.pipeline().addLast(new HttpObjectAggregator(LARGEST));
                    channel.pipeline().addLast(new MessageRelay(front));
                  }
                });
    if (flavour == Flavour.TUNED) {
      bootstrap.option(ChannelOption.TCP_NODELAY, true);
    }
    var _ =
        bootstrap
            .connect(target)
            .addListener(
                (io.netty.channel.ChannelFuture opened) -> {
                  if (opened.isSuccess()) {
                    front.pipeline().addLast(new MessageRelay(opened.channel()));
                    front.config().setAutoRead(true);
                  } else {
                    front.close();
                  }
                });
  }

  private HttpDecoderConfig decoder() {
    HttpDecoderConfig config = new HttpDecoderConfig();
    return flavour == Flavour.TUNED ? config.setMaxChunkSize(READ) : config;
  }

  public static void main(String[] args) throws Exception {
    boolean tuned = args[2].equals("tuned");
    new HttpForwarder(
            tuned ? Flavour.TUNED : Flavour.PLAIN,
            tuned ? new EpollEventLoopGroup(Integer.parseInt(args[3])) : new NioEventLoopGroup(),
            Integer.parseInt(args[1]))
        .listen(Integer.parseInt(args[0]))
        .closeFuture()
        .sync();
  }
}
