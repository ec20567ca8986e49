/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection that carries unary calls with large messages, on its own event loop.
 *
 * <p>All streams are handled on the connection's channel (a channel for each stream costs a
 * registration and a hand-off a call). Windows are large enough that a sender never waits for a
 * window update in the middle of a batch, and what is written within one turn of the event loop is
 * flushed once.
 */
public abstract class UnaryHttp2Handler extends Http2ConnectionHandler {
  /** Bytes that a peer may send on one stream before it has to wait. */
  static final int STREAM_WINDOW = 4 << 20;

  /** Bytes that a peer may send on all streams of a connection before it has to wait. */
  static final int CONNECTION_WINDOW = 16 << 20;

  /** Large frames cost nothing, since they are not gathered before they are read. */
  static final int MAX_FRAME = 1 << 20;

  private static final int MAX_HEADER_LIST = 16 << 10;

  private @Nullable ChannelHandlerContext context;
  private boolean windowSent;
  private boolean reading;
  private boolean flushPlanned;

  protected UnaryHttp2Handler(
      Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings settings) {
    super(decoder, encoder, settings);
  }

  /** The context of this handler; only after it was added to a pipeline. */
  protected final ChannelHandlerContext context() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("the connection's handler is not in a pipeline yet");
    }
    return ctx;
  }

  /** Flushes at the end of this turn of the event loop; only on the event loop. */
  protected final void flushSoon() {
    if (!reading && !flushPlanned) {
      flushPlanned = true;
      context().executor().execute(this::flushPlanned);
    }
  }

  private void flushPlanned() {
    flushPlanned = false;
    flush(context());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    reading = true;
    super.channelRead(ctx, msg);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    reading = false;
    if (ctx.channel().config().isAutoRead()) {
      super.channelReadComplete(ctx);
    } else {
      // Netty's handler would read on, whatever was said about it.
      discardSomeReadBytes();
      flush(ctx);
      ctx.fireChannelReadComplete();
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    super.handlerAdded(ctx);
    openConnectionWindow(ctx);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) throws Exception {
    super.channelActive(ctx);
    openConnectionWindow(ctx);
  }

  private void openConnectionWindow(ChannelHandlerContext ctx) throws Http2Exception {
    if (windowSent || !ctx.channel().isActive()) {
      return;
    }
    windowSent = true;
    Http2Stream whole = connection().connectionStream();
    int size = decoder().flowController().windowSize(whole);
    decoder().flowController().incrementWindowSize(whole, CONNECTION_WINDOW - size);
    flush(ctx);
  }

  /** Builds the codec around a handler of unary calls. */
  protected abstract static class Builder<T extends UnaryHttp2Handler>
      extends AbstractHttp2ConnectionHandlerBuilder<T, Builder<T>> {

    protected Builder(boolean server, Http2Settings settings) {
      Http2Connection connection = new DefaultHttp2Connection(server);
      connection
          .remote()
          .flowController(
              new DefaultHttp2RemoteFlowController(
                  connection, new UniformStreamByteDistributor(connection)));
      Http2ConnectionEncoder encoder =
          new ControlFrameLimit(
              new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter()));
      Http2ConnectionDecoder decoder =
          new DefaultHttp2ConnectionDecoder(
              connection,
              encoder,
              new EagerDataFrameReader(
                  new DefaultHttp2FrameReader(
                      new DefaultHttp2HeadersDecoder(true, MAX_HEADER_LIST))));
      codec(decoder, encoder);
      initialSettings(
          settings
              .initialWindowSize(STREAM_WINDOW)
              .maxFrameSize(MAX_FRAME)
              .maxHeaderListSize(MAX_HEADER_LIST));
    }

    @Override
    public T build() {
      return super.build();
    }
  }
}
