/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.net.EventLoops;
import io.caravan.otlp.server.BindFailedException.Protocol;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens for OTLP: all three signals on one port of gRPC and on one of HTTP.
 *
 * <p>Every request becomes one {@link io.caravan.otlp.OtlpBatch} for the handler, on the event loop
 * of its connection; what the handler answers becomes the response, in the words of either
 * protocol. Safe for use by any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written closes the connection
public final class OtlpServer implements AutoCloseable {
  static final Object DRAIN = new Object();

  /** One read takes most of a batch; the adaptive buffer shrinks where batches are small. */
  static final int MAX_READ = 256 << 10;

  private final ServerSettings settings;
  private final EventLoops loops;
  private final Reception reception;
  private final Optional<ServerTls> tls;
  private final FileWatcher watcher;
  private final List<Channel> listening = new ArrayList<>();
  private final ChannelGroup connections =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private @Nullable Channel grpc;
  private @Nullable Channel http;

  private OtlpServer(
      EventLoops loops, Reception reception, Optional<ServerTls> tls, FileWatcher watcher) {
    this.settings = reception.settings();
    this.loops = loops;
    this.reception = reception;
    this.tls = tls;
    this.watcher = watcher;
  }

  /**
   * Opens the ports that the settings name.
   *
   * @param memory bounds the requests that are arriving and, until they are released, their
   *     batches; who goes beyond it is told to come again
   * @throws BindFailedException if one of them cannot be had; none is open then
   * @throws UnusableFileException if a file of the settings cannot be read or used
   * @throws IllegalArgumentException if an origin of the settings is none
   */
  public static OtlpServer start(
      ServerSettings settings, MemoryBudget memory, BatchHandler handler, Refusals refusals)
      throws BindFailedException {
    Compression.loadSoon();
    List<WatchedFiles> files = new ArrayList<>();
    Access access = Access.open(settings.credentials(), files);
    Cors cors = new Cors(settings.corsAllowedOrigins());
    Optional<ServerTls> tls = settings.tls().map(each -> ServerTls.open(each, files));
    Reception reception =
        new Reception(
            settings, new Arriving(memory), handler, access, cors, new PeerLog(), refusals);
    OtlpServer server =
        new OtlpServer(EventLoops.acquire(), reception, tls, FileWatcher.start(files));
    boolean open = false;
    try {
      if (settings.grpcPort() >= 0) {
        server.grpc = server.bind(Protocol.GRPC, settings.grpcPort());
      }
      if (settings.httpPort() >= 0) {
        server.http = server.bind(Protocol.HTTP, settings.httpPort());
      }
      open = true;
      return server;
    } finally {
      if (!open) {
        server.close();
      }
    }
  }

  /**
   * Reads the files of the settings, as {@link #start} would, and opens nothing.
   *
   * @throws UnusableFileException if one cannot be read or used
   * @throws IllegalArgumentException if an origin is none
   */
  public static void check(ServerSettings settings) {
    List<WatchedFiles> files = new ArrayList<>();
    Access.open(settings.credentials(), files);
    new Cors(settings.corsAllowedOrigins());
    settings.tls().ifPresent(each -> ServerTls.open(each, files).close());
  }

  private Channel bind(Protocol protocol, int port) throws BindFailedException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops.group())
            .channel(loops.serverSocketType())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(
                ChannelOption.RCVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator(1 << 10, 16 << 10, MAX_READ))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    tls.ifPresent(
                        each ->
                            channel
                                .pipeline()
                                .addLast(
                                    each.newHandler(channel.alloc(), settings.requestTimeout())));
                    channel.pipeline().addLast(new FirstBytes(reception, protocol));
                  }
                });
    ChannelFuture bound =
        bootstrap.bind(new InetSocketAddress(settings.bind(), port)).awaitUninterruptibly();
    Throwable cause = bound.cause();
    if (cause != null) {
      throw new BindFailedException(protocol, settings.bind(), port, cause);
    }
    listening.add(bound.channel());
    return bound.channel();
  }

  /** The port of OTLP/gRPC; -1 if there is none. */
  public int grpcPort() {
    return port(grpc);
  }

  /** The port of OTLP/HTTP; -1 if there is none. */
  public int httpPort() {
    return port(http);
  }

  private static int port(@Nullable Channel channel) {
    return channel instanceof ServerChannel && channel.localAddress() instanceof InetSocketAddress a
        ? a.getPort()
        : -1;
  }

  /**
   * Closes the ports, tells the clients (GOAWAY, {@code Connection: close}), answers what is in
   * flight, and completes when the last connection is closed; after {@code bound} the rest is cut.
   */
  public CompletableFuture<Void> drain(Duration bound) {
    listening.forEach(Channel::close);
    CompletableFuture<Void> drained = new CompletableFuture<>();
    for (Channel connection : connections) {
      connection.eventLoop().execute(() -> connection.pipeline().fireUserEventTriggered(DRAIN));
    }
    connections.newCloseFuture().addListener(closed -> drained.complete(null));
    var cut =
        GlobalEventExecutor.INSTANCE.schedule(
            () -> connections.forEach(OtlpServer::cut), bound.toMillis(), TimeUnit.MILLISECONDS);
    return drained.whenComplete((done, error) -> cut.cancel(false));
  }

  /** Closes ports and connections at once; what is in flight is not answered. */
  @Override
  public void close() {
    listening.forEach(channel -> channel.close().awaitUninterruptibly());
    connections.forEach(OtlpServer::cut);
    watcher.close();
    tls.ifPresent(ServerTls::close);
    loops.close();
  }

  private static void cut(Channel connection) {
    // From the first handler outwards, past those that would wait for open streams.
    connection
        .eventLoop()
        .execute(
            () -> {
              ChannelHandlerContext first = connection.pipeline().firstContext();
              if (first != null) {
                first.close();
              }
            });
  }
}
