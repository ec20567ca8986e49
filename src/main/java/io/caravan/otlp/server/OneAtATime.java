/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes one request after another: what a client sends before it has the answer to the last one,
 * or while it does not read its answers, stays the bytes that it is, and the socket is not read
 * meanwhile. Decoded, what one read takes would be tens of thousands of requests. Only on its
 * channel's event loop.
 */
final class OneAtATime extends HttpRequestDecoder {
  private @Nullable ChannelHandlerContext context;
  private boolean awaitingAnswer;
  private boolean holding;
  private boolean goingOn;

  OneAtATime() {
    super(new HttpDecoderConfig().setMaxChunkSize(OtlpServer.MAX_READ));
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
    if (awaitingAnswer || !ctx.channel().isWritable()) {
      hold(ctx);
      return;
    }
    super.decode(ctx, in, out);
    awaitingAnswer = !out.isEmpty() && out.getLast() instanceof LastHttpContent;
  }

  private void hold(ChannelHandlerContext ctx) {
    holding = true;
    ctx.channel().config().setAutoRead(false);
  }

  /**
   * A length beside chunks: one of the two is a lie, and whoever stands before this server may have
   * believed the other (RFC 9112, section 6.1).
   */
  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new IllegalArgumentException("both Transfer-Encoding and Content-Length");
  }

  /** Whether the body's end cannot be known, because it is coded otherwise than in plain chunks. */
  static boolean isCodedOddly(HttpRequest request) {
    List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    return !codings.isEmpty()
        && (codings.size() > 1
            || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst().strip()));
  }

  /** The request that was decoded last is answered. */
  void answered() {
    awaitingAnswer = false;
    goOn();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    if (ctx.channel().isWritable()) {
      goOn();
    } else {
      hold(ctx);
    }
    super.channelWritabilityChanged(ctx);
  }

  private void goOn() {
    ChannelHandlerContext ctx = context;
    if (ctx != null && holding && !goingOn) {
      goingOn = true;
      // On a turn of its own: an answer given at once must not recurse into the next request.
      ctx.executor().execute(() -> decodeHeld(ctx));
    }
  }

  private void decodeHeld(ChannelHandlerContext ctx) {
    goingOn = false;
    if (ctx.isRemoved() || awaitingAnswer || !ctx.channel().isWritable()) {
      return;
    }
    holding = false;
    try {
      channelRead(ctx, Unpooled.EMPTY_BUFFER);
    } catch (Exception e) {
      ctx.fireExceptionCaught(e);
    }
    if (!ctx.isRemoved()) {
      ctx.fireChannelReadComplete();
      if (!holding) {
        ctx.channel().config().setAutoRead(true);
      }
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    if (holding) {
      // The decoder would read on, for want of a whole message.
      discardSomeReadBytes();
      ctx.fireChannelReadComplete();
    } else {
      super.channelReadComplete(ctx);
    }
  }
}
