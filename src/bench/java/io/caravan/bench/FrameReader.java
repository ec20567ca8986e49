/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Takes an HTTP/2 connection's bytes apart. DATA is handed on in the pieces in which it arrives and
 * never copied; the other frames, which are small, are collected first.
 *
 * <p>It stands in for Netty's own codec so that generator and sink take as little as possible of
 * the cores that the server under test needs.
 */
// A write with a void promise reports its failure to the pipeline; the future says nothing more.
@SuppressWarnings("FutureReturnValueIgnored")
abstract class FrameReader extends ChannelInboundHandlerAdapter {

  private final ByteBuf header = Unpooled.buffer(Http2.FRAME_HEADER);
  private final ByteBuf collected = Unpooled.buffer(256);
  private int skip;
  private boolean inFrame;
  private int left;
  private byte type;
  private int flags;
  private int stream;

  /**
   * @param skip bytes before the first frame, a server's preface
   */
  FrameReader(int skip) {
    this.skip = skip;
  }

  /** Takes {@code length} bytes of DATA off the buffer. */
  abstract void data(ChannelHandlerContext context, int stream, ByteBuf bytes, int length);

  /** A DATA frame, or HEADERS, ended the stream's request or response. */
  abstract void ended(ChannelHandlerContext context, int stream);

  /** Takes a header block. */
  abstract void headers(ChannelHandlerContext context, int stream, ByteBuf block);

  /** Takes the payload of SETTINGS that are not an acknowledgement. */
  abstract void settings(ChannelHandlerContext context, ByteBuf payload);

  abstract void windowUpdate(ChannelHandlerContext context, int stream, int increment);

  abstract void reset(ChannelHandlerContext context, int stream);

  abstract void goAway(ChannelHandlerContext context, String reason);

  @Override
  public final void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      int skipped = Math.min(skip, in.readableBytes());
      in.skipBytes(skipped);
      skip -= skipped;
      while (in.isReadable()) {
        if (inFrame) {
          payload(context, in);
        } else {
          begin(context, in);
        }
      }
    } finally {
      in.release();
    }
  }

  private void begin(ChannelHandlerContext context, ByteBuf in) {
    in.readBytes(header, Math.min(header.writableBytes(), in.readableBytes()));
    if (header.isWritable()) {
      return;
    }
    left = header.readUnsignedMedium();
    type = header.readByte();
    flags = header.readUnsignedByte();
    stream = header.readInt() & 0x7fffffff;
    header.clear();
    inFrame = true;
    if (left == 0) {
      end(context);
    }
  }

  private void payload(ChannelHandlerContext context, ByteBuf in) {
    int length = Math.min(left, in.readableBytes());
    left -= length;
    if (type == Http2.DATA) {
      if ((flags & Http2.PADDED) != 0) {
        throw new IllegalStateException("padded DATA is not understood here");
      }
      data(context, stream, in, length);
    } else {
      collected.writeBytes(in, length);
    }
    if (left == 0) {
      end(context);
    }
  }

  private void end(ChannelHandlerContext context) {
    inFrame = false;
    switch (type) {
      case Http2.HEADERS -> headers(context);
      case Http2.SETTINGS -> {
        if ((flags & Http2.ACK) == 0) {
          settings(context, collected);
          context.writeAndFlush(Http2.settingsAcknowledged(context.alloc()), context.voidPromise());
        }
      }
      case Http2.PING -> {
        if ((flags & Http2.ACK) == 0) {
          context.writeAndFlush(
              Http2.pingAcknowledged(context.alloc(), collected.readLong()), context.voidPromise());
        }
      }
      case Http2.WINDOW_UPDATE -> windowUpdate(context, stream, collected.readInt() & 0x7fffffff);
      case Http2.RST_STREAM -> reset(context, stream);
      case Http2.GO_AWAY -> {
        collected.skipBytes(Long.BYTES);
        goAway(context, collected.toString(java.nio.charset.StandardCharsets.UTF_8));
      }
      default -> {
        // DATA has been handed on; frames of other types carry nothing that is needed here.
      }
    }
    collected.clear();
    boolean mayEnd = type == Http2.DATA || type == Http2.HEADERS;
    if (mayEnd && (flags & Http2.END_STREAM) != 0) {
      ended(context, stream);
    }
  }

  private void headers(ChannelHandlerContext context) {
    if ((flags & Http2.END_HEADERS) == 0) {
      throw new IllegalStateException("a header block in several frames is not understood here");
    }
    if ((flags & Http2.PRIORITY) != 0) {
      collected.skipBytes(5);
    }
    headers(context, stream, collected);
  }
}
