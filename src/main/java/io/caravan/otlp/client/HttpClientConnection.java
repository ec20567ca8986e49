/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.net.StatusMessage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One HTTP/1.1 connection to a backend: one request at a time. Only on its event loop. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails to be written closes the connection
final class HttpClientConnection extends ChannelInboundHandlerAdapter {
  /** Below the 60 s after which common servers and load balancers close. */
  private static final int IDLE_SECONDS = 55;

  /** As much of an error page as a log line bears. */
  private static final int MAX_SHOWN = 300;

  private final HttpLane lane;
  private final HttpRequestHead head;
  private final Compression compression;
  private @Nullable ChannelHandlerContext context;
  private @Nullable Export export;
  private @Nullable HttpResponse response;
  private ByteBuf body = Unpooled.EMPTY_BUFFER;
  private @Nullable Throwable failure;
  private boolean opened;
  private boolean broken;
  private long lastUsedNanos = System.nanoTime();

  HttpClientConnection(HttpLane lane, HttpRequestHead head, Compression compression) {
    this.lane = lane;
    this.head = head;
    this.compression = compression;
  }

  private ChannelHandlerContext context() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      throw new IllegalStateException("the connection's handler is not in a pipeline yet");
    }
    return ctx;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  /** Whether a request may still be sent; a server may have closed in the meantime. */
  boolean usable() {
    return !broken && context().channel().isActive();
  }

  void send(Export next) {
    ChannelHandlerContext ctx = context();
    export = next;
    next.onTimeout(this::closeNow);
    ByteBuf payload = next.batch().compressed(compression);
    ctx.write(head.of(next.batch().signal(), payload.readableBytes(), ctx.alloc()));
    ctx.writeAndFlush(payload);
  }

  void closeNow() {
    broken = true;
    context().close();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (ctx.pipeline().get(SslHandler.class) == null) {
      open();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        open();
      } else {
        fail(handshake.cause());
      }
    }
    ctx.fireUserEventTriggered(event);
  }

  private void open() {
    opened = true;
    closeWhenIdle(IDLE_SECONDS);
    lane.opened(this);
  }

  private void closeWhenIdle(long seconds) {
    context()
        .executor()
        .schedule(
            () -> {
              long idle = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lastUsedNanos);
              if (!usable()) {
                return;
              }
              if (export == null && idle >= IDLE_SECONDS) {
                closeNow();
              } else {
                closeWhenIdle(Math.max(1, IDLE_SECONDS - idle));
              }
            },
            seconds,
            TimeUnit.SECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpResponse head) {
        begin(head);
      }
      if (message instanceof HttpContent part) {
        proceed(part);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void begin(HttpResponse answer) {
    if (export == null) {
      // An answer that nobody waits for (a 408 of an idle server, say) must not become the next's.
      closeNow();
      return;
    }
    response = answer;
    if (!answer.decoderResult().isSuccess()) {
      fail(new IOException("the answer is not HTTP/1.1"));
      closeNow();
    }
  }

  private void proceed(HttpContent part) {
    HttpResponse answer = response;
    if (answer == null || broken) {
      return;
    }
    if (body.readableBytes() + part.content().readableBytes() > ExportResponse.MAX_SIZE) {
      complete(
          new Outcome.Refused(
              OtlpStatus.of(
                  GrpcCode.RESOURCE_EXHAUSTED,
                  lane.endpoint()
                      + " answered with more than 4 MiB; the batch may have been taken.")));
      closeNow();
      return;
    }
    if (part.content().isReadable()) {
      if (body.capacity() == 0) {
        body = Unpooled.buffer(part.content().readableBytes());
      }
      body.writeBytes(part.content());
    }
    if (part instanceof LastHttpContent
        && answer.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      finish(answer);
    }
  }

  private void finish(HttpResponse answer) {
    Outcome outcome = outcome(answer);
    response = null;
    body = Unpooled.EMPTY_BUFFER;
    boolean keep = HttpUtil.isKeepAlive(answer);
    broken |= !keep;
    complete(outcome);
    if (keep) {
      lane.free(this);
    } else {
      context().close();
    }
  }

  private Outcome outcome(HttpResponse answer) {
    int status = answer.status().code();
    if (answer.status().codeClass() == HttpStatusClass.SUCCESS) {
      return isProtobuf(answer) ? ExportResponse.parse(body.nioBuffer()) : Outcome.Delivered.ALL;
    }
    return Outcomes.ofHttp(
        status,
        lane.endpoint() + " answered HTTP " + answer.status() + shown(answer),
        RetryAfter.parse(answer.headers().get(HttpHeaderNames.RETRY_AFTER), Clock.systemUTC()));
  }

  private static boolean isProtobuf(HttpResponse answer) {
    String type = answer.headers().get(HttpHeaderNames.CONTENT_TYPE);
    return type != null && type.startsWith("application/x-protobuf");
  }

  private String shown(HttpResponse answer) {
    String text =
        isProtobuf(answer)
            ? StatusMessage.decode(body.nioBuffer()).message()
            : body.toString(0, Math.min(MAX_SHOWN, body.readableBytes()), StandardCharsets.UTF_8);
    String line = text.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.isEmpty() ? "" : ": " + line.substring(0, Math.min(MAX_SHOWN, line.length()));
  }

  private void complete(Outcome outcome) {
    Export current = export;
    export = null;
    lastUsedNanos = System.nanoTime();
    if (current != null) {
      current.complete(outcome);
    }
  }

  private void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(cause);
    closeNow();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    broken = true;
    Throwable known = failure;
    Throwable cause =
        known == null ? new IOException("the connection was closed without an answer") : known;
    complete(Outcomes.ofFailure(lane.endpoint(), cause));
    if (opened) {
      lane.gone(this);
    } else {
      lane.unreachable(cause);
    }
  }
}
