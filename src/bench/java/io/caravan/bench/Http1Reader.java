/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Takes an HTTP/1.1 connection's bytes apart: heads are collected, bodies handed on in the pieces
 * in which they arrive. It understands what OTLP clients and servers send, which is {@code
 * Content-Length}, and stands in for Netty's codec as {@link FrameReader} does.
 */
abstract class Http1Reader extends ChannelInboundHandlerAdapter {

  private static final byte[] END = {'\r', '\n', '\r', '\n'};

  private final ByteBuf head = Unpooled.buffer(1024);
  private int matched;
  private boolean inBody;
  private long left;

  /** Takes the head of a request or response, in lower case, its lines ended by CR LF. */
  abstract void head(ChannelHandlerContext context, String lines);

  /** Takes {@code length} bytes of the body off the buffer. */
  abstract void body(ChannelHandlerContext context, ByteBuf bytes, int length);

  /** The body is whole. */
  abstract void ended(ChannelHandlerContext context);

  @Override
  public final void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      while (in.isReadable()) {
        if (inBody) {
          int length = (int) Math.min(left, in.readableBytes());
          left -= length;
          body(context, in, length);
        } else {
          readHead(context, in);
        }
        if (inBody && left == 0) {
          inBody = false;
          ended(context);
        }
      }
    } finally {
      in.release();
    }
  }

  private void readHead(ChannelHandlerContext context, ByteBuf in) {
    while (in.isReadable() && matched < END.length) {
      byte next = in.readByte();
      head.writeByte(next);
      if (next == END[matched]) {
        matched++;
      } else {
        matched = next == END[0] ? 1 : 0;
      }
    }
    if (matched == END.length) {
      String lines = head.toString(StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
      head.clear();
      matched = 0;
      inBody = true;
      left = Long.parseLong(header(lines, "content-length"));
      head(context, lines);
    }
  }

  /** Returns a header's value, which the head must have. */
  private static String header(String lines, String name) {
    int start = lines.indexOf("\r\n" + name + ":");
    if (start < 0) {
      throw new IllegalStateException("a head without " + name + ":\n" + lines);
    }
    start += name.length() + 3;
    return lines.substring(start, lines.indexOf("\r\n", start)).strip();
  }
}
