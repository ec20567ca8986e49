/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One OTLP/HTTP connection of the sink: counts what arrives and answers every request with 200. */
// A write with a void promise reports its failure to the pipeline; the future says nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
final class HttpSinkConnection extends Http1Reader {

  private static final ByteBuf OK =
      Unpooled.unreleasableBuffer(
          Unpooled.directBuffer()
              .writeBytes(
                  "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII)));

  private final Backend backend;
  private @Nullable BodyCounter body;

  HttpSinkConnection(Backend backend) {
    this.backend = backend;
  }

  @Override
  void head(ChannelHandlerContext context, String lines) {
    body = backend.counter();
  }

  @Override
  void body(ChannelHandlerContext context, ByteBuf bytes, int length) {
    counter().read(bytes, length);
  }

  @Override
  void ended(ChannelHandlerContext context) {
    Content content = counter().end();
    body = null;
    backend.answer(content, context.executor(), () -> answer(context));
  }

  private BodyCounter counter() {
    BodyCounter current = body;
    if (current == null) {
      throw new IllegalStateException("a body without a head");
    }
    return current;
  }

  /** Returns whether the client still waited for it. */
  private static boolean answer(ChannelHandlerContext context) {
    if (!context.channel().isActive()) {
      return false;
    }
    context.writeAndFlush(OK.duplicate(), context.voidPromise());
    return true;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    BodyCounter current = body;
    if (current != null) {
      current.discard();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    System.err.println("sink: " + cause);
    context.close();
  }
}
