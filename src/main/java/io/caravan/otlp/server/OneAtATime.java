/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Holds the requests back that a client sends before it has the answer to the last one, so that
 * answers are in order, and those of a client that does not read its answers, so that they are few.
 * While something is held the socket is not read. Only on its channel's event loop.
 */
final class OneAtATime extends ChannelInboundHandlerAdapter {
  private final Deque<Object> held = new ArrayDeque<>();
  private @Nullable ChannelHandlerContext context;
  private boolean awaitingAnswer;
  private boolean goingOn;

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (awaitingAnswer || !held.isEmpty()) {
      held.add(message);
      ctx.channel().config().setAutoRead(false);
    } else {
      pass(ctx, message);
    }
  }

  private void pass(ChannelHandlerContext ctx, Object message) {
    awaitingAnswer = message instanceof LastHttpContent;
    ctx.fireChannelRead(message);
  }

  /** The request that was passed on last is answered. */
  void answered() {
    awaitingAnswer = false;
    goOn();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable()) {
      goOn();
    } else {
      ctx.channel().config().setAutoRead(false);
    }
    ctx.fireChannelWritabilityChanged();
  }

  private void goOn() {
    ChannelHandlerContext ctx = context;
    if (ctx == null || goingOn || (held.isEmpty() && ctx.channel().config().isAutoRead())) {
      return;
    }
    goingOn = true;
    // On a turn of its own: an answer given at once must not recurse into the next request.
    ctx.executor().execute(() -> passHeld(ctx));
  }

  private void passHeld(ChannelHandlerContext ctx) {
    goingOn = false;
    boolean passed = false;
    while (!awaitingAnswer && ctx.channel().isWritable()) {
      Object message = held.poll();
      if (message == null) {
        ctx.channel().config().setAutoRead(true);
        break;
      }
      pass(ctx, message);
      passed = true;
    }
    if (passed) {
      ctx.fireChannelReadComplete();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    held.forEach(ReferenceCountUtil::release);
    held.clear();
  }
}
