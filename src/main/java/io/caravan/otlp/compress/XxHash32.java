/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The checksum of LZ4's frames: xxHash of 32 bits with the seed 0. */
final class XxHash32 {
  private static final int PRIME_1 = 0x9E3779B1;
  private static final int PRIME_2 = 0x85EBCA77;
  private static final int PRIME_3 = 0xC2B2AE3D;
  private static final int PRIME_4 = 0x27D4EB2F;
  private static final int PRIME_5 = 0x165667B1;

  private XxHash32() {}

  /** The hash of the remaining bytes, which stay unread. */
  static int of(ByteBuffer data) {
    ByteBuffer in = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int length = in.remaining();
    int hash = length >= 16 ? stripes(in) : PRIME_5;
    hash += length;
    while (in.remaining() >= Integer.BYTES) {
      hash = Integer.rotateLeft(hash + in.getInt() * PRIME_3, 17) * PRIME_4;
    }
    while (in.hasRemaining()) {
      hash = Integer.rotateLeft(hash + (in.get() & 0xff) * PRIME_5, 11) * PRIME_1;
    }
    hash = (hash ^ hash >>> 15) * PRIME_2;
    hash = (hash ^ hash >>> 13) * PRIME_3;
    return hash ^ hash >>> 16;
  }

  @SuppressWarnings("ConstantOverflow") // the algorithm computes modulo 2^32
  private static int stripes(ByteBuffer in) {
    int a = PRIME_1 + PRIME_2;
    int b = PRIME_2;
    int c = 0;
    int d = -PRIME_1;
    while (in.remaining() >= 16) {
      a = round(a, in.getInt());
      b = round(b, in.getInt());
      c = round(c, in.getInt());
      d = round(d, in.getInt());
    }
    return Integer.rotateLeft(a, 1)
        + Integer.rotateLeft(b, 7)
        + Integer.rotateLeft(c, 12)
        + Integer.rotateLeft(d, 18);
  }

  private static int round(int lane, int word) {
    return Integer.rotateLeft(lane + word * PRIME_2, 13) * PRIME_1;
  }
}
