/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import java.util.concurrent.TimeUnit;

/**
 * Ends an HTTP/2 connection so that no request is lost on it (RFC 9113, section 6.8): a first
 * GOAWAY asks for no new streams and refuses none, since some may be on their way; when the client
 * has answered the PING that follows it, a second one names the last stream, and the connection
 * closes when that is answered. Only on the connection's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written closes the connection
final class GoingAway {
  /** The content of the PING, which comes back in its acknowledgement. */
  private static final long PING = 0x63617261_76616eL;

  /** Then the client has had its time, whatever it has answered. */
  private static final long LONGEST_ROUND_TRIP_SECONDS = 5;

  private final Http2ConnectionHandler connection;
  private boolean begun;
  private boolean ending;

  GoingAway(Http2ConnectionHandler connection) {
    this.connection = connection;
  }

  void begin(ChannelHandlerContext ctx) {
    if (begun || !ctx.channel().isActive()) {
      return;
    }
    begun = true;
    goAway(ctx, Integer.MAX_VALUE);
    connection.encoder().writePing(ctx, false, PING, ctx.newPromise());
    connection.flush(ctx);
    ctx.executor().schedule(() -> end(ctx), LONGEST_ROUND_TRIP_SECONDS, TimeUnit.SECONDS);
  }

  void acknowledged(ChannelHandlerContext ctx, long ping) {
    if (begun && ping == PING) {
      end(ctx);
    }
  }

  private void end(ChannelHandlerContext ctx) {
    if (ending || !ctx.channel().isActive()) {
      return;
    }
    ending = true;
    goAway(ctx, connection.connection().remote().lastStreamCreated());
    // The handler waits for the open streams.
    ctx.channel().close();
  }

  private void goAway(ChannelHandlerContext ctx, int lastStream) {
    connection.goAway(
        ctx, lastStream, Http2Error.NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx.newPromise());
  }
}
