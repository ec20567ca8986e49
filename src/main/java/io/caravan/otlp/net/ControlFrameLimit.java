/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DecoratingHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2LifecycleManager;
import org.jspecify.annotations.Nullable;

/**
 * Ends a connection whose peer has more answers to its own PING and SETTINGS, and resets, waiting
 * than it reads (CVE-2019-9512, -9514, -9515): each is a few bytes to the peer, and some hundred
 * here until it is written. Netty has the same, but not around a codec with a frame reader of one's
 * own. Only on the connection's event loop.
 */
final class ControlFrameLimit extends DecoratingHttp2ConnectionEncoder {
  /** Twice the streams that a client may have open, all of which may be reset at once. */
  private static final int MOST = 2048;

  private @Nullable Http2LifecycleManager connection;
  private int waiting;
  private boolean ended;
  private final ChannelFutureListener written = _ -> waiting--;

  ControlFrameLimit(Http2ConnectionEncoder encoder) {
    super(encoder);
  }

  @Override
  public void lifecycleManager(Http2LifecycleManager lifecycleManager) {
    connection = lifecycleManager;
    super.lifecycleManager(lifecycleManager);
  }

  @Override
  public ChannelFuture writeSettingsAck(ChannelHandlerContext ctx, ChannelPromise promise) {
    return super.writeSettingsAck(ctx, counted(ctx, promise));
  }

  @Override
  public ChannelFuture writePing(
      ChannelHandlerContext ctx, boolean ack, long data, ChannelPromise promise) {
    return super.writePing(ctx, ack, data, ack ? counted(ctx, promise) : promise);
  }

  @Override
  public ChannelFuture writeRstStream(
      ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
    return super.writeRstStream(ctx, streamId, errorCode, counted(ctx, promise));
  }

  private ChannelPromise counted(ChannelHandlerContext ctx, ChannelPromise promise) {
    if (waiting >= MOST && !ended) {
      ctx.flush(); // A peer that reads has them now.
      if (waiting >= MOST) {
        end(ctx);
      }
    }
    waiting++;
    return promise.unvoid().addListener(written);
  }

  private void end(ChannelHandlerContext ctx) {
    ended = true;
    if (connection != null) {
      connection.onError(
          ctx,
          true,
          Http2Exception.connectionError(
              Http2Error.ENHANCE_YOUR_CALM, "%d answers to control frames are not read", MOST));
    }
    var _ = ctx.close();
  }
}
