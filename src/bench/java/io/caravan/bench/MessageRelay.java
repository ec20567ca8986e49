/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Sends every message on over another channel, and ends that one with its own. */
// A write with a void promise reports its failure to the pipeline; the future says nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class MessageRelay extends ChannelInboundHandlerAdapter {

  private final Channel to;

  MessageRelay(Channel to) {
    this.to = to;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    to.writeAndFlush(message, to.voidPromise());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    to.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    System.err.println("forwarder: " + cause);
    context.close();
  }
}
