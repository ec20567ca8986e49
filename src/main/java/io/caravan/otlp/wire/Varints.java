/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.wire;

import io.netty.buffer.ByteBuf;

/** Lengths as protobuf writes them, in as few bytes as they need. */
public final class Varints {
  private Varints() {}

  /** The bytes that a length takes, 1 to 5. */
  public static int size(int length) {
    return Math.max(1, (38 - Integer.numberOfLeadingZeros(length)) / 7);
  }

  public static void write(int length, ByteBuf out) {
    int rest = length;
    while ((rest & ~0x7f) != 0) {
      out.writeByte(rest | 0x80);
      rest >>>= 7;
    }
    out.writeByte(rest);
  }
}
