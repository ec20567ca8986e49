/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.Reply;
import io.caravan.otlp.net.UnaryHttp2Handler;
import io.caravan.otlp.server.BindFailedException.Protocol;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import java.util.List;

/**
 * One client's connection that speaks HTTP/2, to either port: turns streams into calls and answers
 * into frames.
 *
 * <p>Lives on its channel's event loop; only {@link #answer} is called from other threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written closes the connection
final class Http2ServerConnection extends UnaryHttp2Handler {
  /** Calls that one client may have open at a time. */
  private static final long MAX_STREAMS = 1024;

  private final Reception reception;
  private final ServerSettings settings;
  private final Http2Heads heads;
  private final GoingAway goingAway = new GoingAway(this);
  private final Http2Calls calls;
  private final ConnectionWatch watch;

  private Http2ServerConnection(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings initial,
      Reception reception,
      Protocol port) {
    super(decoder, encoder, initial);
    this.reception = reception;
    this.settings = reception.settings();
    this.heads = new Http2Heads(reception, new HttpPolicy(reception), port);
    this.calls = new Http2Calls(connection());
    this.watch = new ConnectionWatch(reception);
    decoder.frameListener(new Frames());
  }

  /** A connection to the port of that protocol; the port of HTTP takes gRPC, too. */
  static Http2ServerConnection create(Reception reception, Protocol port) {
    return new Builder<Http2ServerConnection>(
        true, new Http2Settings().maxConcurrentStreams(MAX_STREAMS)) {
      @Override
      protected Http2ServerConnection build(
          Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initial) {
        return new Http2ServerConnection(decoder, encoder, initial, reception, port);
      }
    }.build();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    // Streams in flight are answered before the connection ends; their handlers have own bounds.
    gracefulShutdownTimeoutMillis(settings.requestTimeout().toMillis());
    watch.start(ctx, this::look, () -> goingAway.begin(ctx));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    watch.stop();
    super.channelInactive(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    // A peer that does not read its answers is not read either, so that they stay few.
    ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    super.channelWritabilityChanged(ctx);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event.equals(OtlpServer.DRAIN)) {
      goingAway.begin(ctx);
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
      super.exceptionCaught(ctx, cause); // answered with RST_STREAM or GOAWAY
    } else {
      ConnectionErrors.log(ctx.channel(), cause);
      ctx.pipeline().firstContext().close();
    }
  }

  private Http2Answers answers() {
    return new Http2Answers(context(), encoder(), this);
  }

  /** Answers a call; from any thread. */
  private void answer(Http2Call call, Reply reply) {
    ChannelHandlerContext ctx = context();
    if (reply instanceof Reply.Declined(OtlpStatus status)) {
      reception.refusals().refused(call.protocol(), status.code());
    }
    if (ctx.executor().inEventLoop()) {
      write(call, () -> call.write(answers(), reply));
    } else {
      ctx.executor().execute(() -> write(call, () -> call.write(answers(), reply)));
    }
  }

  private void write(Http2Call call, Runnable answer) {
    if (!context().channel().isActive() || calls.isAnswered(call.stream())) {
      return; // The sender has cancelled, or its connection is gone.
    }
    watch.used();
    calls.answered(call.stream());
    answer.run();
    flushSoon();
  }

  private void look() {
    long now = System.nanoTime();
    List<Http2Call> late;
    try {
      late = calls.incompleteSince(now - settings.requestTimeout().toNanos());
    } catch (Http2Exception e) {
      onError(context(), false, e);
      return;
    }
    for (Http2Call call : late) {
      call.discard();
      OtlpStatus status = Requests.tooSlow(settings.requestTimeout());
      reception.refusals().refused(call.protocol(), status.code());
      write(call, () -> call.writeTooSlow(answers(), status));
    }
    if (watch.idle(now)) {
      closeIdle();
    }
  }

  private void closeIdle() {
    if (connection().numActiveStreams() == 0) {
      goingAway.begin(context());
    } else {
      // Its answers have been waiting for it to read them all this time.
      context().pipeline().firstContext().close();
    }
  }

  private final class Frames extends Http2FrameAdapter {

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int streamDependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      onHeadersRead(ctx, streamId, headers, padding, endOfStream);
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      Http2Stream stream = connection().stream(streamId);
      if (stream == null || calls.isAnswered(stream)) {
        return;
      }
      Http2Call call = calls.of(stream);
      if (call == null) {
        watch.used();
        call = heads.begin(stream, headers, answers());
        if (call == null) {
          calls.answered(stream);
          return;
        }
        calls.opened(stream, call);
      }
      // Of the trailers of a request only the end matters.
      if (endOfStream) {
        finish(call);
      }
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
      goingAway.acknowledged(ctx, data);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
      int size = data.readableBytes() + padding;
      Http2Call call = calls.of(connection().stream(streamId));
      if (call == null) {
        return size; // Answered before the client had sent everything.
      }
      try {
        call.read(data, ctx);
      } catch (OtlpStatusException e) {
        call.discard();
        answer(call, new Reply.Declined(e.status()));
        return size;
      }
      if (endOfStream) {
        finish(call);
      }
      return size;
    }

    private void finish(Http2Call call) {
      OtlpBatch batch;
      try {
        batch = call.finish(context());
      } catch (OtlpStatusException e) {
        answer(call, new Reply.Declined(e.status()));
        return;
      }
      reception.handler().handle(batch, call.deadline(), reply -> answer(call, reply));
    }
  }
}
