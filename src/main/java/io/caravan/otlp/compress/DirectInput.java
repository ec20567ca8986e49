/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/** The readable bytes of a buffer as one direct buffer: itself where it is one, else a copy. */
record DirectInput(ByteBuffer bytes, ByteBuf copy) implements AutoCloseable {

  static DirectInput of(ByteBuf in, ByteBufAllocator allocator) {
    if (in.isDirect() && in.nioBufferCount() == 1) {
      return new DirectInput(in.nioBuffer(), Unpooled.EMPTY_BUFFER);
    }
    ByteBuf copy = allocator.directBuffer(in.readableBytes());
    copy.writeBytes(in, in.readerIndex(), in.readableBytes());
    return new DirectInput(copy.nioBuffer(), copy);
  }

  @Override
  public void close() {
    copy.release();
  }
}
