/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/**
 * Deflate (RFC 1951) without a wrapper, between direct buffers. Safe for use by any thread.
 *
 * <p>Decision record 0009 has what the implementations cost.
 */
interface RawDeflate {

  /** Inflates one stream; {@code source} then stands behind its last byte. */
  void inflate(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException;

  /** Appends {@code source} as one stream to {@code out}, which grows as it must. */
  void deflate(ByteBuffer source, ByteBuf out);

  /** Makes room for more compressed bytes. */
  static ByteBuffer room(ByteBuf out) {
    if (out.writableBytes() < 64) {
      out.ensureWritable(Math.max(1024, out.capacity() / 2));
    }
    return out.nioBuffer(out.writerIndex(), out.writableBytes());
  }
}
