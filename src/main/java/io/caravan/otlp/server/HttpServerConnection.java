/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.net.HttpStatuses;
import io.caravan.otlp.server.HttpCall.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection to the HTTP port: one request at a time, in order, also where a client
 * sends the next before the answer.
 *
 * <p>Lives on its channel's event loop; only an {@link Answer} is called from other threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written closes the connection
final class HttpServerConnection extends ChannelInboundHandlerAdapter {
  /** How much of a refused request is read, so that its sender gets to read the answer. */
  private static final long MAX_DISCARDED = 64L << 20;

  private final ServerSettings settings;
  private final Arriving arriving;
  private final BatchHandler handler;
  private final HeadArrival head;
  private final Deque<Object> pipelined = new ArrayDeque<>();
  private @Nullable HttpCall call;
  private boolean awaitingAnswer;
  private boolean draining;
  private boolean closing;
  private boolean reading;
  private boolean flushPlanned;
  private long discarded;
  private long lastActiveNanos = System.nanoTime();
  private @Nullable ScheduledFuture<?> watch;

  HttpServerConnection(
      ServerSettings settings, Arriving arriving, BatchHandler handler, HeadArrival head) {
    this.settings = settings;
    this.head = head;
    this.arriving = arriving;
    this.handler = handler;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    long period =
        Math.max(
            1,
            Math.min(settings.requestTimeout().toMillis(), settings.idleTimeout().toMillis()) / 2);
    watch =
        ctx.executor()
            .scheduleWithFixedDelay(() -> watch(ctx), period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    ScheduledFuture<?> watching = watch;
    if (watching != null) {
      watching.cancel(false);
    }
    pipelined.forEach(ReferenceCountUtil::release);
    pipelined.clear();
    HttpCall current = call;
    if (current != null) {
      current.discard();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    if (closing) {
      discard(ctx, message);
    } else if (awaitingAnswer) {
      pipelined.add(message);
      ctx.channel().config().setAutoRead(false);
    } else {
      read(ctx, message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    ctx.flush();
  }

  private void discard(ChannelHandlerContext ctx, Object message) {
    discarded += message instanceof HttpContent content ? content.content().readableBytes() : 0;
    ReferenceCountUtil.release(message);
    if (discarded > MAX_DISCARDED) {
      ctx.close();
    }
  }

  private void read(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpRequest request) {
        begin(ctx, request);
      }
      HttpCall current = call;
      if (message instanceof HttpContent part && current != null && !closing) {
        proceed(ctx, current, part);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    lastActiveNanos = System.nanoTime();
    head.ended();
    HttpCall next = new HttpCall(request, settings.maxRequestSize(), arriving.share());
    call = next;
    if (!request.decoderResult().isSuccess()) {
      refuseAndClose(ctx, next);
    } else if (HttpUtil.is100ContinueExpected(request)) {
      if (next.refusal() != null) {
        refuseAndClose(ctx, next);
      } else {
        ctx.writeAndFlush(HttpAnswers.goOn());
      }
    }
  }

  private void proceed(ChannelHandlerContext ctx, HttpCall current, HttpContent part) {
    if (!part.decoderResult().isSuccess()) {
      current.refuse(
          new Refusal(
              400,
              OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "The body is not valid HTTP/1.1 chunks.")));
      refuseAndClose(ctx, current);
      return;
    }
    current.read(part.content(), settings.maxRequestSize(), ctx.alloc());
    Refusal refusal = current.refusal();
    if (refusal != null && refusal.atOnce()) {
      refuseAndClose(ctx, current);
    } else if (part instanceof LastHttpContent) {
      finish(ctx, current, refusal);
    }
  }

  private void finish(ChannelHandlerContext ctx, HttpCall current, @Nullable Refusal refusal) {
    awaitingAnswer = true;
    head.ended();
    if (refusal != null) {
      write(ctx, current, refusal);
      return;
    }
    OtlpBatch batch;
    try {
      batch = batch(ctx, current);
    } catch (OtlpStatusException e) {
      write(ctx, current, new Refusal(HttpStatuses.of(e.status()), e.status()));
      return;
    }
    handler.handle(batch, answer(ctx, current));
  }

  private OtlpBatch batch(ChannelHandlerContext ctx, HttpCall current) throws OtlpStatusException {
    ByteBuf content = current.takeContent(ctx.alloc());
    if (current.gzip()) {
      content = Requests.inflate(content, settings.maxRequestSize(), ctx.alloc());
    }
    if (current.body() == HttpBody.JSON) {
      content = Requests.transcode(current.signal(), content, ctx.alloc());
    }
    return Requests.index(current.signal(), content);
  }

  private Answer answer(ChannelHandlerContext ctx, HttpCall current) {
    return new Answer() {
      @Override
      public void succeed() {
        onLoop(ctx, () -> write(ctx, current, null));
      }

      @Override
      public void fail(OtlpStatus status) {
        onLoop(ctx, () -> write(ctx, current, new Refusal(HttpStatuses.of(status), status)));
      }
    };
  }

  private static void onLoop(ChannelHandlerContext ctx, Runnable work) {
    if (ctx.executor().inEventLoop()) {
      work.run();
    } else {
      ctx.executor().execute(work);
    }
  }

  private void write(ChannelHandlerContext ctx, HttpCall current, @Nullable Refusal refusal) {
    if (!ctx.channel().isActive() || call != current) {
      return; // The sender is gone.
    }
    boolean keep = current.keepAlive() && !draining;
    HttpAnswers.Connection next = keep ? HttpAnswers.Connection.KEEP : HttpAnswers.Connection.CLOSE;
    ByteBuf answer =
        refusal == null
            ? HttpAnswers.success(current.body(), next)
            : HttpAnswers.failure(
                refusal.httpStatus(), refusal.status(), current.body(), next, ctx.alloc());
    ChannelFuture written = ctx.write(answer);
    call = null;
    awaitingAnswer = false;
    lastActiveNanos = System.nanoTime();
    if (keep) {
      flushSoon(ctx);
      readPipelined(ctx);
    } else {
      closing = true;
      written.addListener(ChannelFutureListener.CLOSE);
      ctx.flush();
    }
  }

  private void flushSoon(ChannelHandlerContext ctx) {
    if (!reading && !flushPlanned) {
      flushPlanned = true;
      ctx.executor()
          .execute(
              () -> {
                flushPlanned = false;
                ctx.flush();
              });
    }
  }

  private void readPipelined(ChannelHandlerContext ctx) {
    if (pipelined.isEmpty()) {
      return;
    }
    // On a turn of its own: an answer given at once must not recurse into the next request.
    ctx.executor()
        .execute(
            () -> {
              while (!awaitingAnswer && !closing) {
                Object message = pipelined.poll();
                if (message == null) {
                  ctx.channel().config().setAutoRead(true);
                  break;
                }
                read(ctx, message);
              }
              ctx.flush();
            });
  }

  /** Answers before the body is read: the rest is read and dropped, until the sender is done. */
  private void refuseAndClose(ChannelHandlerContext ctx, HttpCall current) {
    Refusal refusal = current.refusal();
    Refusal because =
        refusal != null
            ? refusal
            : new Refusal(400, OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "Bad request."));
    closing = true;
    call = null;
    ctx.writeAndFlush(
            HttpAnswers.failure(
                because.httpStatus(),
                because.status(),
                current.body(),
                HttpAnswers.Connection.CLOSE,
                ctx.alloc()))
        .addListener(
            written -> {
              // Closing at once would reset the connection, and the answer with it.
              if (written.isSuccess() && ctx.channel() instanceof SocketChannel socket) {
                socket.shutdownOutput();
                ctx.executor().schedule(() -> ctx.close(), 5, TimeUnit.SECONDS);
              } else {
                ctx.close();
              }
            });
  }

  private void watch(ChannelHandlerContext ctx) {
    long now = System.nanoTime();
    HttpCall current = call;
    if (current == null) {
      boolean slow = head.longerThan(settings.requestTimeout().toNanos(), now);
      boolean idle = now - lastActiveNanos > settings.idleTimeout().toNanos();
      if (!awaitingAnswer && (slow || idle)) {
        ctx.close();
      }
    } else if (!awaitingAnswer
        && now - current.startedNanos() > settings.requestTimeout().toNanos()) {
      current.refuse(
          new Refusal(
              408,
              OtlpStatus.of(
                  GrpcCode.DEADLINE_EXCEEDED,
                  "The request did not arrive within "
                      + settings.requestTimeout().toSeconds()
                      + " s.")));
      refuseAndClose(ctx, current);
    }
  }

  /** Answers what is in flight, takes no new request, and closes. */
  void drain(ChannelHandlerContext ctx) {
    draining = true;
    if (call == null && !closing) {
      ctx.close();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event.equals(OtlpServer.DRAIN)) {
      drain(ctx);
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A connection that is reset, or an error of our own: the client sees a closed connection.
    ConnectionErrors.log(ctx.channel(), cause);
    ctx.close();
  }
}
