/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.airlift.compress.v3.MalformedInputException;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import io.airlift.compress.v3.snappy.SnappyJavaDecompressor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/** Snappy's block format: the length of the content, then elements. */
final class SnappyBlock implements Codec {
  static final SnappyBlock CODEC = new SnappyBlock();

  /** The best that an element can do: three bytes that stand for 64. */
  private static final long HIGHEST_RATIO = 22;

  private static final FastThreadLocal<SnappyJavaCompressor> COMPRESSOR =
      new FastThreadLocal<>() {
        @Override
        protected SnappyJavaCompressor initialValue() {
          return new SnappyJavaCompressor();
        }
      };

  private SnappyBlock() {}

  @Override
  public void decompress(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    if (SnappyFrames.isFramed(source)) {
      SnappyFrames.CODEC.decompress(source, out);
      return;
    }
    if (!source.hasRemaining()) {
      throw new CorruptDataException("no bytes at all, not even a length");
    }
    long announced = contentLength(source.duplicate());
    if (announced > out.left()) {
      throw out.tooLarge();
    }
    if (announced > source.remaining() * HIGHEST_RATIO) {
      throw new CorruptDataException(source.remaining() + " bytes of snappy announce " + announced);
    }
    out.expect(announced);
    out.produced(decompressBlock(source, out.room((int) announced)));
  }

  /** Decompresses one block that fills {@code target}. */
  static int decompressBlock(ByteBuffer source, ByteBuffer target) throws CorruptDataException {
    long announced = contentLength(source.duplicate());
    if (announced != target.remaining()) {
      throw new CorruptDataException("a block of snappy announces another length");
    }
    if (announced == 0) {
      return 0;
    }
    try {
      return new SnappyJavaDecompressor()
          .decompress(MemorySegment.ofBuffer(source), MemorySegment.ofBuffer(target));
    } catch (MalformedInputException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new CorruptDataException("broken snappy data: " + e.getMessage());
    }
  }

  /** The length of the content that a block begins with, as an unsigned varint of 32 bits. */
  static long contentLength(ByteBuffer block) throws CorruptDataException {
    long length = 0;
    for (int shift = 0; shift < 35 && block.hasRemaining(); shift += 7) {
      byte b = block.get();
      length |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return length;
      }
    }
    throw new CorruptDataException("snappy data without a length");
  }

  @Override
  public ByteBuf compress(ByteBuffer source, ByteBufAllocator allocator) {
    ByteBuf out = allocator.directBuffer(maxLength(source.remaining()));
    int length = compressBlock(source, out.nioBuffer(0, out.writableBytes()));
    return out.writerIndex(length).capacity(length);
  }

  static int compressBlock(ByteBuffer source, ByteBuffer target) {
    return COMPRESSOR
        .get()
        .compress(MemorySegment.ofBuffer(source), MemorySegment.ofBuffer(target));
  }

  static int maxLength(int length) {
    return Math.addExact(32 + length, length / 6);
  }
}
