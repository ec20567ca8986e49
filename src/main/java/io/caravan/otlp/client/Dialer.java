/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.net.EventLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Opens connections to one backend.
 *
 * <p>A name is resolved for every connection, on a virtual thread, because the JDK blocks; its
 * addresses are tried in random order, so that connections spread over the backends behind it.
 */
final class Dialer implements AutoCloseable {
  /** A whole batch may wait for the socket before the HTTP/2 codec holds the rest back. */
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(512 << 10, 1 << 20);

  private final EventLoops loops;
  private final Endpoint endpoint;
  private final Optional<ClientTls> tls;
  private final Duration timeout;

  Dialer(EventLoops loops, Endpoint endpoint, Optional<ClientTls> tls, Duration timeout) {
    this.loops = loops;
    this.endpoint = endpoint;
    this.tls = tls;
    this.timeout = timeout;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /**
   * Opens one connection on {@code loop}.
   *
   * @param handlers adds the handlers behind TLS; called once for each address that is tried
   * @param failed called on {@code loop} where no address can be reached
   */
  void dial(EventLoop loop, Consumer<ChannelPipeline> handlers, Consumer<Throwable> failed) {
    Thread.ofVirtual()
        .name("otlp-resolve")
        .start(
            () -> {
              try {
                List<InetAddress> addresses =
                    Arrays.asList(InetAddress.getAllByName(endpoint.host()));
                Collections.shuffle(addresses);
                loop.execute(() -> connect(loop, addresses, handlers, failed));
              } catch (UnknownHostException e) {
                loop.execute(() -> failed.accept(e));
              }
            });
  }

  private void connect(
      EventLoop loop,
      List<InetAddress> addresses,
      Consumer<ChannelPipeline> handlers,
      Consumer<Throwable> failed) {
    ChannelFuture connecting =
        bootstrap(loop, handlers)
            .connect(new InetSocketAddress(addresses.getFirst(), endpoint.port()));
    connecting.addListener(
        connected -> {
          List<InetAddress> others = addresses.subList(1, addresses.size());
          if (connected.isSuccess()) {
            return;
          }
          if (others.isEmpty()) {
            failed.accept(connected.cause());
          } else {
            connect(loop, others, handlers, failed);
          }
        });
  }

  private Bootstrap bootstrap(EventLoop loop, Consumer<ChannelPipeline> handlers) {
    return new Bootstrap()
        .group(loop)
        .channel(loops.socketType())
        .option(ChannelOption.TCP_NODELAY, true)
        .option(ChannelOption.SO_KEEPALIVE, true)
        .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
        .option(
            ChannelOption.RCVBUF_ALLOCATOR,
            new AdaptiveRecvByteBufAllocator(512, 2 << 10, 64 << 10))
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.max(1, timeout.toMillis()))
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                tls.ifPresent(each -> channel.pipeline().addLast(sslHandler(each, channel)));
                handlers.accept(channel.pipeline());
              }
            });
  }

  private ChannelHandler sslHandler(ClientTls each, Channel channel) {
    Optional<SslHandler> handler =
        each.newHandler(channel.alloc(), endpoint.host(), endpoint.port());
    if (handler.isEmpty()) {
      // The exporter was closed meanwhile; nothing may be sent in plaintext.
      var _ = channel.close();
      return new ChannelDuplexHandler();
    }
    handler.get().setHandshakeTimeoutMillis(timeout.toMillis());
    return handler.get();
  }

  /** Opens no more connections with TLS. */
  @Override
  public void close() {
    tls.ifPresent(ClientTls::close);
  }
}
