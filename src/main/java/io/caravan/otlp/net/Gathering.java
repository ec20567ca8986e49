/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Gathers the parts of one message in one direct buffer.
 *
 * <p>The buffer grows with what has arrived and not with what a peer announces, so that an
 * announcement costs nothing.
 */
public final class Gathering {
  /** A batch of 512 spans of 400 bytes fits without growing. */
  private static final int FIRST = 256 << 10;

  private Gathering() {}

  /** A buffer for a message of {@code announced} bytes. The caller releases it. */
  public static ByteBuf allocate(ByteBufAllocator allocator, int announced) {
    return allocator.directBuffer(Math.min(announced, FIRST));
  }

  /** Appends all of {@code part}, doubling the buffer where it is full. */
  public static void append(ByteBuf message, ByteBuf part) {
    int missing = part.readableBytes() - message.writableBytes();
    if (missing > 0) {
      message.capacity(
          Math.max(message.capacity() + missing, (int) Math.min(1 << 30, message.capacity() * 2L)));
    }
    message.writeBytes(part, part.readerIndex(), part.readableBytes());
  }
}
