/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.Adler32;

/** Zlib (RFC 1950); and bare deflate, which some clients send under the same name. */
final class Zlib implements Codec {
  static final Zlib CODEC = new Zlib();

  private static final int HEADER = 2;
  private static final int TRAILER = 4;
  private static final int PRESET_DICTIONARY = 0x20;
  private static final long LIKELY_RATIO = 8;

  private Zlib() {}

  @Override
  public void decompress(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    out.expect(source.remaining() * LIKELY_RATIO);
    boolean wrapped = source.remaining() >= HEADER && isHeader(source.getShort(source.position()));
    if (wrapped) {
      source.position(source.position() + HEADER);
    }
    DeflateChoice.current().inflate(source, out);
    if (wrapped) {
      readTrailer(source, out.since(0));
    }
    if (source.hasRemaining()) {
      throw new CorruptDataException(
          source.remaining() + " bytes follow the end of the deflate data");
    }
  }

  /** Method 8, a window of at most 32 KiB, a check sum of five bits. */
  private static boolean isHeader(short header) {
    int bits = Short.toUnsignedInt(header);
    return (bits & 0x8f00) == 0x0800 && bits % 31 == 0 && (bits & PRESET_DICTIONARY) == 0;
  }

  private static void readTrailer(ByteBuffer source, ByteBuffer content)
      throws CorruptDataException {
    if (source.remaining() < TRAILER) {
      throw new CorruptDataException("the zlib trailer is missing");
    }
    Adler32 adler = new Adler32();
    adler.update(content);
    if (source.getInt() != (int) adler.getValue()) {
      throw new CorruptDataException("the checksum does not match");
    }
  }

  @Override
  public ByteBuf compress(ByteBuffer source, ByteBufAllocator allocator) {
    throw new UnsupportedOperationException("deflate is only read");
  }
}
