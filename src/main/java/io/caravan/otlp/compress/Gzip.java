/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/** Gzip (RFC 1952): the wrapper round a deflate implementation. */
record Gzip(RawDeflate deflate) implements Codec {
  /** A buffer of this many times the compressed bytes is begun with, if the data announce more. */
  private static final long TRUSTED_RATIO = 16;

  @Override
  public void decompress(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    out.expect(likelySize(source));
    do {
      GzipHeader.skip(source);
      int start = out.size();
      deflate.inflate(source, out);
      readTrailer(source, out.since(start));
    } while (source.hasRemaining());
  }

  private static long likelySize(ByteBuffer source) {
    int length = source.remaining();
    if (length < GzipHeader.TRAILER) {
      return 0;
    }
    long announced =
        Integer.toUnsignedLong(Integer.reverseBytes(source.getInt(source.limit() - 4)));
    // A decoder that fills its buffer to the last byte asks for more before it sees the end.
    return Math.min(announced + 8, length * TRUSTED_RATIO);
  }

  private static void readTrailer(ByteBuffer source, ByteBuffer content)
      throws CorruptDataException {
    if (source.remaining() < GzipHeader.TRAILER) {
      throw new CorruptDataException("the gzip trailer is missing");
    }
    int size = content.remaining();
    source.order(ByteOrder.LITTLE_ENDIAN);
    int checksum = source.getInt();
    int announced = source.getInt();
    source.order(ByteOrder.BIG_ENDIAN);
    if (checksum != checksum(content)) {
      throw new CorruptDataException("the checksum does not match");
    }
    if (announced != size) {
      throw new CorruptDataException("the length does not match");
    }
  }

  private static int checksum(ByteBuffer content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return (int) crc.getValue();
  }

  @Override
  public ByteBuf compress(ByteBuffer source, ByteBufAllocator allocator) {
    int size = source.remaining();
    ByteBuf out = allocator.directBuffer(Math.max(256, size / 2));
    out.writeShort(GzipHeader.MAGIC).writeByte(8).writeZero(6).writeByte(0xff);
    deflate.deflate(source.duplicate(), out);
    return out.writeIntLE(checksum(source)).writeIntLE(size);
  }
}
