/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes bits, the lowest first, to a buffer that has room for them. */
final class BitWriter {
  private final ByteBuf out;
  private ByteBuffer target;
  private int at;
  private long bits;
  private int count;

  BitWriter(ByteBuf out) {
    this.out = out;
    this.target = ByteBuffer.allocate(0);
  }

  /** Makes room for so many bits. */
  void reserve(long more) {
    out.writerIndex(out.writerIndex() + at);
    out.ensureWritable(Math.toIntExact(more / 8 + 16));
    target = out.nioBuffer(out.writerIndex(), out.writableBytes()).order(ByteOrder.LITTLE_ENDIAN);
    at = 0;
  }

  /** Takes bits that fit together with what was not flushed: at most 56 since the last flush. */
  void put(long value, int length) {
    bits |= value << count;
    count += length;
  }

  /** Takes a code of a {@link HuffmanCode}. */
  void put(int code) {
    put(code >>> 4, code & 15);
  }

  void flush() {
    target.putLong(at, bits);
    at += count >>> 3;
    bits >>>= count & 56;
    count &= 7;
  }

  /** Goes on at the next whole byte. */
  void align() {
    count = (count + 7) & ~7;
    flush();
  }

  /** Appends whole bytes; only after {@link #align}. */
  void bytes(ByteBuffer source) {
    target.put(at, source, source.position(), source.remaining());
    at += source.remaining();
  }

  /** Writes the last bits. */
  void end() {
    align();
    out.writerIndex(out.writerIndex() + at);
    at = 0;
  }
}
