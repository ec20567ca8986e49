/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request that is sent over and over: its message lies ready in DATA frames, of which only the
 * stream's number changes. Belongs to one connection and its event loop.
 */
final class Http2Request extends Request {

  private static final int STEP = Http2.FRAME_HEADER + Http2.FRAME_PAYLOAD;
  private static final int STREAM_OFFSET = 5;

  private final GrpcGeneratorConnection connection;
  private final ByteBuf frames;
  private int next;
  private @Nullable ChannelFuture lastWrite;

  int window;

  /**
   * @param compressed what the message's prefix says of it
   */
  Http2Request(GrpcGeneratorConnection connection, Body body, Prefix compressed) {
    super(body.contentBytes());
    this.connection = connection;
    this.frames = frames(body.bytes(), compressed);
  }

  /** The first byte of a message of gRPC. */
  enum Prefix {
    PLAIN,
    COMPRESSED
  }

  @Override
  void send() {
    connection.send(this);
  }

  private static ByteBuf frames(byte[] message, Prefix compressed) {
    ByteBuf body = Unpooled.buffer(message.length + 5);
    body.writeByte(compressed.ordinal()).writeInt(message.length).writeBytes(message);
    int count = body.readableBytes() / Http2.FRAME_PAYLOAD + 1;
    ByteBuf frames = Unpooled.directBuffer(body.readableBytes() + count * Http2.FRAME_HEADER);
    while (body.isReadable()) {
      int length = Math.min(body.readableBytes(), Http2.FRAME_PAYLOAD);
      int flags = length == body.readableBytes() ? Http2.END_STREAM : 0;
      Http2.frameHeader(frames, length, Http2.DATA, flags, 0);
      frames.writeBytes(body, length);
    }
    return frames;
  }

  void begin(int stream, int initialWindow) {
    for (int at = STREAM_OFFSET; at < frames.writerIndex(); at += STEP) {
      frames.setInt(at, stream);
    }
    next = 0;
    window = initialWindow;
    answer = Answer.NONE;
    status = "no answer";
  }

  boolean isWritten() {
    return next == frames.writerIndex();
  }

  /** Returns as many whole frames as the smaller of the two windows allows, maybe none. */
  ByteBuf take(long connectionWindow) {
    long allowed = Math.min(connectionWindow, window);
    int start = next;
    while (!isWritten()) {
      int payload = frames.getUnsignedMedium(next);
      if (payload > allowed) {
        break;
      }
      allowed -= payload;
      window -= payload;
      next += Http2.FRAME_HEADER + payload;
    }
    return frames.retainedSlice(start, next - start);
  }

  void written(ChannelFuture write) {
    lastWrite = write;
  }

  @Override
  void release() {
    frames.release();
  }

  /** Runs when no byte of this request waits in the socket's queue any more. */
  void whenFlushed(Runnable then) {
    ChannelFuture write = lastWrite;
    if (write == null || write.isDone()) {
      then.run();
    } else {
      var _ = write.addListener(_ -> then.run());
    }
  }
}
