/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.server.BindFailedException.Protocol;
import io.caravan.otlp.server.Http1Answers.Connection;
import io.caravan.otlp.server.HttpCall.Refusal;
import io.caravan.otlp.server.PeerLog.Mistake;
import io.caravan.otlp.tls.TlsProvider;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the first bytes of a connection what it speaks, behind TLS where there is TLS, and
 * hands it over: HTTP/2 begins with a preface that no request of HTTP/1.1 begins with (RFC 9113,
 * section 3.4). Only on its channel's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a connection to close
final class FirstBytes extends ByteToMessageDecoder {
  private static final int ENOUGH = 3;
  private static final int PREFACE = ('P' << 16) | ('R' << 8) | 'I';

  /** A TLS record of a handshake, and the major version of all TLS. */
  private static final int TLS_HELLO = 0x1603;

  private final Reception reception;
  private final Protocol port;
  private @Nullable ScheduledFuture<?> deadline;

  FirstBytes(Reception reception, Protocol port) {
    this.reception = reception;
    this.port = port;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    closeAfter(ctx, reception.settings().idleTimeout());
  }

  private void closeAfter(ChannelHandlerContext ctx, Duration time) {
    cancelDeadline();
    deadline = ctx.executor().schedule(() -> ctx.close(), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void cancelDeadline() {
    ScheduledFuture<?> pending = deadline;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) {
    cancelDeadline();
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < ENOUGH) {
      closeAfter(ctx, reception.settings().requestTimeout());
    } else if (in.getUnsignedShort(in.readerIndex()) == TLS_HELLO) {
      in.skipBytes(in.readableBytes());
      reception.peers().tell(Mistake.TLS_TO_PLAINTEXT, ctx.channel(), "a TLS ClientHello");
      ctx.close();
    } else if (in.getUnsignedMedium(in.readerIndex()) == PREFACE) {
      ctx.pipeline().addLast(Http2ServerConnection.create(reception, port));
      ctx.pipeline().remove(this); // What was read goes to the next handler.
    } else {
      switch (port) {
        case HTTP -> {
          addHttp1(ctx.pipeline());
          ctx.pipeline().remove(this);
        }
        case GRPC -> {
          in.skipBytes(in.readableBytes());
          refuseHttp1(ctx);
        }
      }
    }
  }

  private void addHttp1(ChannelPipeline pipeline) {
    HeadArrival head = new HeadArrival();
    OneAtATime order = new OneAtATime();
    pipeline
        .addLast(head)
        .addLast(order)
        .addLast(new Http1ServerConnection(reception, head, order));
  }

  private void refuseHttp1(ChannelHandlerContext ctx) {
    reception.peers().tell(Mistake.HTTP_TO_GRPC, ctx.channel(), "no HTTP/2 preface");
    OtlpStatus status =
        OtlpStatus.of(
            GrpcCode.UNIMPLEMENTED,
            "This is the port of OTLP/gRPC, which needs HTTP/2. OTLP/HTTP has a port of its own, 4318 by default.");
    HttpAnswer answer = HttpAnswer.failure(new Refusal(505, status), HttpBody.JSON);
    LingeringClose.begin(
        ctx, ctx.writeAndFlush(Http1Answers.bytes(answer, Connection.CLOSE, ctx.alloc())));
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
    if (event.equals(OtlpServer.DRAIN)) {
      ctx.close();
    } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
      tellOfHandshake(ctx, handshake.cause());
      ctx.close();
    } else {
      super.userEventTriggered(ctx, event);
    }
  }

  private void tellOfHandshake(ChannelHandlerContext ctx, Throwable cause) {
    switch (cause) {
      case NotSslRecordException _ ->
          reception.peers().tell(Mistake.PLAINTEXT_TO_TLS, ctx.channel(), "no TLS record");
      case SslHandshakeTimeoutException e -> ConnectionErrors.log(ctx.channel(), e);
      case SSLException e ->
          reception.peers().tell(Mistake.HANDSHAKE, ctx.channel(), TlsProvider.reason(e));
      // A probe of a load balancer comes and goes without a word.
      default -> ConnectionErrors.log(ctx.channel(), cause);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ConnectionErrors.log(ctx.channel(), cause);
    ctx.close();
  }
}
