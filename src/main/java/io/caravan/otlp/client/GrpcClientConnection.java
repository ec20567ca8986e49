/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.net.UnaryHttp2Handler;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 connection to a backend; each attempt is a stream. Only on its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written closes the connection
final class GrpcClientConnection extends UnaryHttp2Handler {
  private final GrpcLane lane;
  private final GrpcRequest request;
  private final Http2Connection.PropertyKey callKey;
  private @Nullable Throwable failure;
  private boolean ready;
  private long lastReadNanos = System.nanoTime();

  private GrpcClientConnection(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings initial,
      GrpcLane lane,
      GrpcRequest request) {
    super(decoder, encoder, initial);
    this.lane = lane;
    this.request = request;
    this.callKey = connection().newKey();
    decoder.frameListener(new Answers());
    connection().addListener(new Streams());
  }

  static GrpcClientConnection create(GrpcLane lane, GrpcRequest request) {
    return new Builder<GrpcClientConnection>(false, new Http2Settings().pushEnabled(false)) {
      @Override
      protected GrpcClientConnection build(
          Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initial) {
        return new GrpcClientConnection(decoder, encoder, initial, lane, request);
      }
    }.build();
  }

  /** Whether the backend takes another stream. */
  boolean hasRoom() {
    return connection().local().canOpenStream();
  }

  void send(Export export) {
    ChannelHandlerContext ctx = context();
    int id = connection().local().incrementAndGetNextStreamId();
    if (id < 0) {
      // Two billion streams: a new connection begins to count again.
      lane.leave(this);
      lane.again(export);
      ctx.close();
      return;
    }
    Http2Headers headers = request.headers(export.batch().signal());
    ChannelFuture opened = encoder().writeHeaders(ctx, id, headers, 0, false, ctx.newPromise());
    Http2Stream stream = connection().stream(id);
    if (stream == null) {
      Throwable cause = opened.cause();
      export.complete(
          Outcomes.ofFailure(
              lane.endpoint(), cause == null ? new IOException("no stream can be opened") : cause));
      return;
    }
    stream.setProperty(callKey, new GrpcAnswer(export, lane.endpoint()));
    long sentNanos = System.nanoTime();
    export.onTimeout(() -> abandon(stream, sentNanos));
    ByteBuf message = request.message(export.batch(), ctx.alloc());
    encoder().writeData(ctx, id, message, 0, true, ctx.newPromise());
    flushSoon();
  }

  private void abandon(Http2Stream stream, long sentNanos) {
    if (lastReadNanos - sentNanos < 0) {
      // Nothing at all came since: the peer is gone without a word, or a device between is.
      lane.leave(this);
      closeNow();
    } else {
      cancel(stream);
      flushSoon();
    }
  }

  /** Resets a stream. */
  private void cancel(Http2Stream stream) {
    ChannelHandlerContext ctx = context();
    resetStream(ctx, stream.id(), Http2Error.CANCEL.code(), ctx.newPromise());
    // The codec closes it when the frame is out, which a congested socket delays, and would send
    // what is left of the message until then, behind the reset.
    stream.close();
  }

  /** Closes without waiting for the streams; their attempts end. */
  void closeNow() {
    ChannelHandlerContext first = context().pipeline().firstContext();
    if (first != null) {
      first.close();
    }
  }

  private @Nullable GrpcAnswer answer(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(callKey);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
    lastReadNanos = System.nanoTime();
    super.channelRead(ctx, msg);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      fail(handshake.cause());
    }
    super.userEventTriggered(ctx, event);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    fail(cause);
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
      super.exceptionCaught(ctx, cause); // answered with RST_STREAM or GOAWAY
    } else {
      closeNow(); // the outcomes of its streams tell of it
    }
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception connectionError) {
    fail(cause);
    super.onConnectionError(ctx, outbound, cause, connectionError);
  }

  private void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  private Throwable failure() {
    Throwable cause = failure;
    return cause == null ? new IOException("the connection was closed without an answer") : cause;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    boolean served = ready;
    lane.leave(this);
    super.channelInactive(ctx);
    if (!served) {
      lane.unreachable(failure());
    }
  }

  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      GrpcAnswer answer = answer(stream);
      // Every stream ends here; an exception and its stack trace are only for one without an
      // answer.
      if (answer != null && !answer.complete()) {
        answer.abort(failure());
      }
    }

    @Override
    public void onStreamRemoved(Http2Stream stream) {
      if (ready) {
        lane.proceed();
      }
    }

    @Override
    public void onGoAwayReceived(int lastStreamId, long errorCode, ByteBuf debugData) {
      lane.leave(GrpcClientConnection.this);
      try {
        connection()
            .forEachActiveStream(
                stream -> {
                  GrpcAnswer answer = answer(stream);
                  if (answer != null && stream.id() > lastStreamId) {
                    answer.unseen(lane);
                  }
                  return true;
                });
      } catch (Http2Exception e) {
        onError(context(), false, e);
      }
      if (connection().numActiveStreams() == 0) {
        context().close();
      }
    }
  }

  private final class Answers extends Http2FrameAdapter {
    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
      if (!ready) {
        ready = true;
        lane.ready(GrpcClientConnection.this);
      } else {
        lane.proceed();
      }
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int streamDependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean endOfStream) {
      onHeadersRead(ctx, streamId, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int padding,
        boolean endOfStream) {
      Http2Stream stream = connection().stream(streamId);
      GrpcAnswer answer = answer(stream);
      if (stream != null && answer != null) {
        answer.headers(headers, endOfStream);
        stopSending(stream, endOfStream);
      }
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
      int size = data.readableBytes() + padding;
      Http2Stream stream = connection().stream(streamId);
      GrpcAnswer answer = answer(stream);
      if (stream != null && answer != null) {
        if (!answer.data(data)) {
          cancel(stream);
        } else {
          stopSending(stream, endOfStream);
        }
      }
      return size;
    }

    /** An answer before the request was sent wholly: the rest is not wanted. */
    private void stopSending(Http2Stream stream, boolean endOfStream) {
      if (endOfStream && stream.state().localSideOpen()) {
        cancel(stream);
      }
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) {
      GrpcAnswer answer = answer(connection().stream(streamId));
      if (answer != null) {
        Http2Error error = Http2Error.valueOf(errorCode);
        answer.abort(
            Outcomes.later(
                error == Http2Error.CANCEL ? GrpcCode.CANCELLED : GrpcCode.UNAVAILABLE,
                lane.endpoint()
                    + " reset the stream: "
                    + (error == null ? "error " + errorCode : error)));
      }
    }
  }
}
