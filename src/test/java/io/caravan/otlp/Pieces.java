/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Random;

/**
 * The same bytes as the network may bring them: in one pooled direct buffer, or in pieces of any
 * size.
 */
public final class Pieces {
  private Pieces() {}

  public static ByteBuf whole(byte[] bytes) {
    return PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, bytes.length)).writeBytes(bytes);
  }

  public static ByteBuf of(byte[] bytes, int most, long seed) {
    Random random = new Random(seed);
    CompositeByteBuf pieces =
        PooledByteBufAllocator.DEFAULT.compositeDirectBuffer(Integer.MAX_VALUE);
    for (int at = 0; at < bytes.length; ) {
      int n = Math.min(bytes.length - at, random.nextInt(most + 1));
      ByteBuf piece =
          random.nextBoolean()
              ? PooledByteBufAllocator.DEFAULT.heapBuffer(Math.max(1, n))
              : PooledByteBufAllocator.DEFAULT.directBuffer(Math.max(1, n));
      pieces.addComponent(true, piece.writeBytes(bytes, at, n));
      at += n;
    }
    return pieces;
  }
}
