/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.Reply;
import io.caravan.otlp.server.BindFailedException.Protocol;
import io.caravan.otlp.server.Http1Answers.Connection;
import io.caravan.otlp.server.HttpCall.Refusal;
import io.caravan.otlp.server.HttpPolicy.Verdict;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection that speaks HTTP/1.1, one request at a time ({@link OneAtATime} sees to
 * that).
 *
 * <p>Lives on its channel's event loop; only an {@link Answer} is called from other threads.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written closes the connection
final class Http1ServerConnection extends ChannelInboundHandlerAdapter {
  private final Reception reception;
  private final ServerSettings settings;
  private final HeadArrival head;
  private final OneAtATime order;
  private final HttpPolicy policy;
  private @Nullable HttpCall call;
  private List<HttpAnswer.Field> fields = List.of();
  private @Nullable HttpAnswer preflight;
  private boolean awaitingAnswer;
  private boolean draining;
  private boolean aged;
  private boolean reading;
  private boolean flushPlanned;
  private final ConnectionWatch watch;

  Http1ServerConnection(Reception reception, HeadArrival head, OneAtATime order) {
    this.reception = reception;
    this.settings = reception.settings();
    this.policy = new HttpPolicy(reception);
    this.watch = new ConnectionWatch(reception);
    this.head = head;
    this.order = order;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    watch.start(ctx, () -> look(ctx), () -> aged = true);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    watch.stop();
    HttpCall current = call;
    call = null;
    if (current != null) {
      current.discard();
      current.deadline().gone();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    reading = true;
    try {
      if (message instanceof HttpRequest request) {
        begin(ctx, request);
      }
      HttpCall current = call;
      if (message instanceof HttpContent part && current != null) {
        proceed(ctx, current, part);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    ctx.flush();
  }

  private void begin(ChannelHandlerContext ctx, HttpRequest request) {
    watch.used();
    head.ended();
    HttpCall next = new HttpCall(request, reception);
    call = next;
    Verdict verdict = policy.judge(request);
    fields = verdict.fields();
    preflight = verdict.preflight();
    Refusal denied = verdict.refusal();
    if (denied != null) {
      next.refuse(denied);
    }
    Refusal refusal = next.refusal();
    boolean waits = HttpUtil.is100ContinueExpected(request);
    if (refusal != null && (waits || refusal.atOnce() || !request.decoderResult().isSuccess())) {
      refuseAndClose(ctx, next, refusal);
    } else if (waits) {
      ctx.writeAndFlush(Http1Answers.goOn());
    }
  }

  private void proceed(ChannelHandlerContext ctx, HttpCall current, HttpContent part) {
    if (!part.decoderResult().isSuccess()) {
      refuseAndClose(
          ctx,
          current,
          new Refusal(
              400,
              OtlpStatus.of(GrpcCode.INVALID_ARGUMENT, "The body is not valid HTTP/1.1 chunks.")));
      return;
    }
    current.read(part.content(), ctx);
    Refusal refusal = current.refusal();
    if (refusal != null && refusal.atOnce()) {
      refuseAndClose(ctx, current, refusal);
    } else if (part instanceof LastHttpContent) {
      finish(ctx, current, refusal);
    }
  }

  private void finish(ChannelHandlerContext ctx, HttpCall current, @Nullable Refusal refusal) {
    awaitingAnswer = true;
    head.ended();
    HttpAnswer decided = preflight;
    if (decided != null) {
      write(ctx, current, decided);
      return;
    }
    if (refusal != null) {
      write(ctx, current, failure(current, refusal));
      return;
    }
    OtlpBatch batch;
    try {
      batch = current.finish(ctx);
    } catch (OtlpStatusException e) {
      write(ctx, current, failure(current, Refusal.of(e.status())));
      return;
    }
    reception
        .handler()
        .handle(
            batch,
            current.deadline(),
            reply -> onLoop(ctx, () -> write(ctx, current, answer(current, reply))));
  }

  private static void onLoop(ChannelHandlerContext ctx, Runnable work) {
    if (ctx.executor().inEventLoop()) {
      work.run();
    } else {
      ctx.executor().execute(work);
    }
  }

  private void write(ChannelHandlerContext ctx, HttpCall current, HttpAnswer answer) {
    if (!ctx.channel().isActive() || call != current) {
      return; // The sender is gone.
    }
    boolean keep = current.keepAlive() && !draining && !aged;
    ChannelFuture written =
        ctx.write(
            Http1Answers.bytes(answer, keep ? Connection.KEEP : Connection.CLOSE, ctx.alloc()));
    call = null;
    awaitingAnswer = false;
    watch.used();
    if (keep) {
      flushSoon(ctx);
      order.answered();
      return;
    }
    ctx.flush();
    if (aged && !draining) {
      LingeringClose.begin(ctx, written); // The client did not know, and may send more already.
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private HttpAnswer answer(HttpCall current, Reply reply) {
    return switch (reply) {
      case Reply.Taken taken -> current.success(taken).with(fields);
      case Reply.Declined(OtlpStatus status) -> failure(current, Refusal.of(status));
    };
  }

  private HttpAnswer failure(HttpCall current, Refusal refusal) {
    reception.refusals().refused(Protocol.HTTP, refusal.status().code());
    return HttpAnswer.failure(refusal, current.body()).with(fields);
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

  /** Answers before the body is read; what is left of it is dropped. */
  private void refuseAndClose(ChannelHandlerContext ctx, HttpCall current, Refusal refusal) {
    ChannelFuture written =
        ctx.writeAndFlush(
            Http1Answers.bytes(failure(current, refusal), Connection.CLOSE, ctx.alloc()));
    LingeringClose.begin(ctx, written);
  }

  private void look(ChannelHandlerContext ctx) {
    long now = System.nanoTime();
    long bound = settings.requestTimeout().toNanos();
    HttpCall current = call;
    if (current == null) {
      if (watch.idle(now) || head.longerThan(bound, now)) {
        ctx.close();
      }
    } else if (!awaitingAnswer && now - current.startedNanos() > bound) {
      refuseAndClose(ctx, current, new Refusal(408, Requests.tooSlow(settings.requestTimeout())));
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

  /** Answers what is in flight, takes no new request, and closes. */
  private void drain(ChannelHandlerContext ctx) {
    draining = true;
    if (call == null) {
      ctx.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // A connection that is reset, or an error of our own: the client sees a closed connection.
    ConnectionErrors.log(ctx.channel(), cause);
    ctx.close();
  }
}
