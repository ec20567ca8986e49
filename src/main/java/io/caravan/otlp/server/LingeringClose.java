/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection whose sender has its answer and is still sending: what comes is read and
 * dropped until the sender is done. Closing at once would reset the connection, and the answer with
 * it. Takes the place of the handler that refused; on its channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nothing is left to be told
final class LingeringClose extends ChannelInboundHandlerAdapter {
  /** A sender that is silent for so long has noticed, or is gone. */
  private static final long SILENCE_SECONDS = 5;

  /** Time enough for 64 MiB over 20 Mbit/s. */
  private static final long LONGEST_SECONDS = 30;

  private final long startedNanos = System.nanoTime();
  private long lastReadNanos = startedNanos;

  private LingeringClose() {}

  /** Replaces {@code handler}, whose last words are {@code answer}. */
  static void begin(ChannelHandlerContext handler, ChannelFuture answer) {
    LingeringClose closing = new LingeringClose();
    handler.pipeline().replace(handler.name(), "linger", closing);
    if (handler.pipeline().get(OneAtATime.class) != null) {
      handler.pipeline().remove(OneAtATime.class); // and with it the requests that it holds back
    }
    answer.addListener(
        written -> {
          ChannelHandlerContext ctx = handler.pipeline().context(closing);
          if (ctx == null) {
            return; // closed by the peer
          }
          if (written.isSuccess()) {
            ctx.channel().config().setAutoRead(true);
            closing.sayGoodBye(ctx);
          } else {
            ctx.close();
          }
        });
  }

  private void sayGoodBye(ChannelHandlerContext ctx) {
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    ChannelFuture said = tls == null ? ctx.newSucceededFuture() : tls.closeOutbound();
    said.addListener(
        _ -> {
          if (ctx.channel() instanceof SocketChannel socket) {
            socket.shutdownOutput();
          }
        });
    closeWhenDone(ctx);
  }

  private void closeWhenDone(ChannelHandlerContext ctx) {
    long now = System.nanoTime();
    long silent = TimeUnit.NANOSECONDS.toSeconds(now - lastReadNanos);
    long all = TimeUnit.NANOSECONDS.toSeconds(now - startedNanos);
    long left = Math.min(SILENCE_SECONDS - silent, LONGEST_SECONDS - all);
    if (left <= 0) {
      ctx.close();
    } else if (!ctx.isRemoved()) {
      ctx.executor().schedule(() -> closeWhenDone(ctx), left, TimeUnit.SECONDS);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    lastReadNanos = System.nanoTime();
    ReferenceCountUtil.release(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event.equals(OtlpServer.DRAIN)) {
      ctx.close();
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ConnectionErrors.log(ctx.channel(), cause);
    ctx.close();
  }
}
