/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.Signal;
import io.caravan.otlp.net.UnaryHttp2Handler;
import io.netty.buffer.ByteBuf;
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
import io.netty.util.AsciiString;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection to the gRPC port: turns streams into calls and answers into frames.
 *
 * <p>Lives on its channel's event loop; only {@link #answer} is called from other threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written closes the connection
final class GrpcServerConnection extends UnaryHttp2Handler {
  private static final AsciiString GZIP = AsciiString.cached("gzip");
  private static final AsciiString IDENTITY = AsciiString.cached("identity");
  private static final AsciiString POST = AsciiString.cached("POST");

  /** Calls that one client may have open at a time. */
  private static final long MAX_STREAMS = 1024;

  private final ServerSettings settings;
  private final Arriving arriving;
  private final BatchHandler handler;
  private final Http2Connection.PropertyKey callKey;
  private long lastActiveNanos = System.nanoTime();
  private @Nullable ScheduledFuture<?> watch;

  private GrpcServerConnection(
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings initial,
      ServerSettings settings,
      Arriving arriving,
      BatchHandler handler) {
    super(decoder, encoder, initial);
    this.settings = settings;
    this.arriving = arriving;
    this.handler = handler;
    this.callKey = connection().newKey();
    decoder.frameListener(new Calls());
    connection().addListener(new Streams());
  }

  static GrpcServerConnection create(
      ServerSettings settings, Arriving arriving, BatchHandler handler) {
    return new Builder<GrpcServerConnection>(
        true, new Http2Settings().maxConcurrentStreams(MAX_STREAMS)) {
      @Override
      protected GrpcServerConnection build(
          Http2ConnectionDecoder decoder, Http2ConnectionEncoder encoder, Http2Settings initial) {
        return new GrpcServerConnection(decoder, encoder, initial, settings, arriving, handler);
      }
    }.build();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    super.handlerAdded(ctx);
    // Streams in flight are answered before the connection ends; their handlers have own bounds.
    gracefulShutdownTimeoutMillis(settings.requestTimeout().toMillis());
    long period =
        Math.max(
            1,
            Math.min(settings.requestTimeout().toMillis(), settings.idleTimeout().toMillis()) / 2);
    watch =
        ctx.executor().scheduleWithFixedDelay(this::watch, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    ScheduledFuture<?> watching = watch;
    if (watching != null) {
      watching.cancel(false);
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
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
      super.exceptionCaught(ctx, cause); // answered with RST_STREAM or GOAWAY
    } else {
      ConnectionErrors.log(ctx.channel(), cause);
      ctx.pipeline().firstContext().close();
    }
  }

  /** Answers a call; from any thread. Null is success. */
  void answer(GrpcCall call, @Nullable OtlpStatus failure) {
    ChannelHandlerContext ctx = context();
    if (ctx.executor().inEventLoop()) {
      write(ctx, call.stream(), failure);
    } else {
      ctx.executor().execute(() -> write(ctx, call.stream(), failure));
    }
  }

  private void write(ChannelHandlerContext ctx, Http2Stream stream, @Nullable OtlpStatus failure) {
    if (!ctx.channel().isActive() || !stream.state().localSideOpen()) {
      return; // The sender has cancelled, or its connection is gone.
    }
    lastActiveNanos = System.nanoTime();
    int id = stream.id();
    if (failure == null) {
      encoder().writeHeaders(ctx, id, GrpcHeaders.RESPONSE, 0, false, ctx.newPromise());
      encoder()
          .writeData(ctx, id, GrpcHeaders.EMPTY_MESSAGE.duplicate(), 0, false, ctx.newPromise());
      encoder().writeHeaders(ctx, id, GrpcHeaders.TRAILERS_OK, 0, true, ctx.newPromise());
    } else {
      writeLast(ctx, stream, GrpcHeaders.failure(failure));
    }
    flushSoon();
  }

  private void writeLast(ChannelHandlerContext ctx, Http2Stream stream, Http2Headers headers) {
    boolean unread = stream.state().remoteSideOpen();
    encoder().writeHeaders(ctx, stream.id(), headers, 0, true, ctx.newPromise());
    if (unread) {
      // The rest of the request is of no use: NO_ERROR asks the client not to send it.
      resetStream(ctx, stream.id(), Http2Error.NO_ERROR.code(), ctx.newPromise());
    }
  }

  private void watch() {
    long now = System.nanoTime();
    List<GrpcCall> late = new ArrayList<>();
    try {
      connection()
          .forEachActiveStream(
              stream -> {
                GrpcCall call = stream.getProperty(callKey);
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
    for (GrpcCall call : late) {
      call.discard();
      call.fail(
          OtlpStatus.of(
              GrpcCode.DEADLINE_EXCEEDED,
              "The request did not arrive within "
                  + settings.requestTimeout().toSeconds()
                  + " s."));
    }
    if (connection().numActiveStreams() == 0
        && now - lastActiveNanos > settings.idleTimeout().toNanos()) {
      context().close();
    }
  }

  private final class Streams extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      GrpcCall call = stream.getProperty(callKey);
      if (call != null) {
        call.discard();
      }
    }
  }

  private final class Calls extends Http2FrameAdapter {

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
      if (stream == null || stream.getProperty(callKey) != null) {
        return; // Trailers of a request carry nothing for us.
      }
      lastActiveNanos = System.nanoTime();
      if (!POST.contentEquals(headers.method()) || !GrpcHeaders.isGrpc(headers)) {
        writeLast(ctx, stream, GrpcHeaders.notGrpc());
        return;
      }
      Signal signal = GrpcHeaders.signal(headers.path());
      CharSequence encoding = headers.get(GrpcHeaders.ENCODING);
      boolean gzip = encoding != null && GZIP.contentEquals(encoding);
      if (signal == null) {
        unimplemented(ctx, stream, "No such method: " + headers.path());
      } else if (encoding != null && !gzip && !IDENTITY.contentEquals(encoding)) {
        unimplemented(
            ctx, stream, "grpc-encoding " + encoding + " is not supported; use gzip or identity.");
      } else {
        GrpcCall call =
            new GrpcCall(GrpcServerConnection.this, stream, signal, gzip, arriving.share());
        stream.setProperty(callKey, call);
        if (endOfStream) {
          finish(call);
        }
      }
    }

    private void unimplemented(ChannelHandlerContext ctx, Http2Stream stream, String message) {
      writeLast(ctx, stream, GrpcHeaders.failure(OtlpStatus.of(GrpcCode.UNIMPLEMENTED, message)));
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
      int size = data.readableBytes() + padding;
      Http2Stream stream = connection().stream(streamId);
      GrpcCall call = stream == null ? null : stream.getProperty(callKey);
      if (call == null || !call.stream().state().localSideOpen()) {
        return size; // Answered before the client had sent everything.
      }
      try {
        call.read(data, settings.maxRequestSize(), ctx.alloc());
      } catch (OtlpStatusException e) {
        call.discard();
        call.fail(e.status());
        return size;
      }
      if (endOfStream) {
        finish(call);
      }
      return size;
    }

    private void finish(GrpcCall call) {
      OtlpBatch batch;
      try {
        batch = call.finish(settings.maxRequestSize(), context().alloc());
      } catch (OtlpStatusException e) {
        call.fail(e.status());
        return;
      }
      handler.handle(batch, call);
    }
  }
}
