/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/** One format. Safe for use by any thread; what it keeps, it keeps for each thread. */
interface Codec {

  /**
   * Writes the content of {@code source} to {@code out}, reading all of it.
   *
   * @param source a direct buffer; its position afterwards is undefined
   */
  void decompress(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException;

  /** Compresses {@code source}, a direct buffer. The caller releases the result. */
  ByteBuf compress(ByteBuffer source, ByteBufAllocator allocator);
}
