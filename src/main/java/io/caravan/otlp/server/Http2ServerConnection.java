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
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

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
  private final Http2Connection.PropertyKey callKey;

  /** Of a stream whose answer was given, though its end may still wait for the client's window. */
  private final Http2Connection.PropertyKey answeredKey;

  private long lastActiveNanos = System.nanoTime();
  private @Nullable ScheduledFuture<?> watch;
  private @Nullable ScheduledFuture<?> aged;

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
    this.callKey = connection().newKey();
    this.answeredKey = connection().newKey();
    decoder.frameListener(new Frames());
    connection().addListener(new Streams());
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
    long period = reception.watchPeriod();
    watch =
        ctx.executor().scheduleWithFixedDelay(this::watch, period, period, TimeUnit.MILLISECONDS);
    if (settings.maxConnectionAge().isPositive()) {
      aged =
          ctx.executor()
              .schedule(() -> goingAway.begin(ctx), reception.age(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    ScheduledFuture<?> watching = watch;
    if (watching != null) {
      watching.cancel(false);
    }
    ScheduledFuture<?> aging = aged;
    if (aging != null) {
      aging.cancel(false);
    }
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

  /** The call that a stream carries; null once it is answered. */
  private @Nullable Http2Call call(@Nullable Http2Stream stream) {
    return stream == null || answered(stream) ? null : stream.getProperty(callKey);
  }

  private boolean answered(Http2Stream stream) {
    return stream.getProperty(answeredKey) != null || !stream.state().localSideOpen();
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
    if (!context().channel().isActive() || answered(call.stream())) {
      return; // The sender has cancelled, or its connection is gone.
    }
    lastActiveNanos = System.nanoTime();
    call.stream().setProperty(answeredKey, call);
    answer.run();
    flushSoon();
  }

  private void watch() {
    long now = System.nanoTime();
    List<Http2Call> late = new ArrayList<>();
    try {
      connection()
          .forEachActiveStream(
              stream -> {
                Http2Call call = call(stream);
                if (call != null
                    && stream.state().remoteSideOpen()
                    && now - call.startedNanos() > settings.requestTimeout().toNanos()) {
                  late.add(call);
                }
                return true;
              });
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
    if (now - lastActiveNanos > settings.idleTimeout().toNanos()) {
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

  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2Call call = stream.getProperty(callKey);
      if (call != null) {
        call.discard();
      }
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
      if (stream == null || answered(stream)) {
        return;
      }
      Http2Call call = call(stream);
      if (call == null) {
        lastActiveNanos = System.nanoTime();
        call = heads.begin(stream, headers, answers());
        if (call == null) {
          stream.setProperty(answeredKey, true);
          return;
        }
        stream.setProperty(callKey, call);
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
      Http2Call call = call(connection().stream(streamId));
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
      reception.handler().handle(batch, reply -> answer(call, reply));
    }
  }
}
