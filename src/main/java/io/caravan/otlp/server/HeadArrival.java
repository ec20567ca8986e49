/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Notes since when the head of an HTTP request has been arriving, which the decoder keeps to itself
 * until it is whole. Stands before the decoder; on its channel's event loop.
 */
final class HeadArrival extends ChannelInboundHandlerAdapter {
  private boolean arriving;
  private long sinceNanos;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    if (!arriving) {
      arriving = true;
      sinceNanos = System.nanoTime();
    }
    ctx.fireChannelRead(bytes);
  }

  /** The head is whole, or its request: what comes next begins another. */
  void ended() {
    arriving = false;
  }

  /** Whether a head has been arriving for longer than this. */
  boolean longerThan(long nanos, long nowNanos) {
    return arriving && nowNanos - sinceNanos > nanos;
  }
}
