/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How much content Zstandard frames (RFC 8878, section 3.1) can have at most, told by the headers
 * of their blocks: by bytes that have come, not by what the first of them announce.
 */
final class ZstdFrames {
  private static final int MAGIC = 0xFD2FB528;
  private static final int SKIPPABLE = 0x184D2A50;
  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
  private static final int LARGEST_BLOCK = 128 << 10;

  private static final int RAW = 0;
  private static final int RLE = 1;
  private static final int COMPRESSED = 2;

  private final ByteBuffer in;

  private ZstdFrames(ByteBuffer in) {
    this.in = in;
  }

  /** An upper bound, in bytes, of the content of all frames; 0 if there are none. */
  static long contentBound(ByteBuffer source) throws CorruptDataException {
    ZstdFrames frames = new ZstdFrames(source.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    long bound = 0;
    while (frames.in.hasRemaining()) {
      bound += frames.frame();
    }
    return bound;
  }

  private long frame() throws CorruptDataException {
    int magic = require(4).getInt();
    if ((magic & SKIPPABLE_MASK) == SKIPPABLE) {
      skip(Integer.toUnsignedLong(require(4).getInt()));
      return 0;
    }
    if (magic != MAGIC) {
      throw new CorruptDataException("no zstd frame at byte " + (in.position() - 4));
    }
    int descriptor = require(1).get();
    boolean singleSegment = (descriptor & 0x20) != 0;
    int dictionary = (1 << (descriptor & 3)) >> 1;
    int sizeFlag = (descriptor >> 6) & 3;
    int contentSize = sizeFlag == 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag;
    skip((singleSegment ? 0 : 1) + dictionary + contentSize);
    long bound = blocks();
    skip((descriptor & 4) != 0 ? 4 : 0);
    return bound;
  }

  private long blocks() throws CorruptDataException {
    long bound = 0;
    boolean last = false;
    while (!last) {
      require(3);
      int header = (in.getShort() & 0xffff) | ((in.get() & 0xff) << 16);
      last = (header & 1) != 0;
      int size = header >> 3;
      switch ((header >> 1) & 3) {
        case RAW -> bound += skip(size);
        case RLE -> {
          skip(1);
          bound += size;
        }
        case COMPRESSED -> {
          skip(size);
          bound += LARGEST_BLOCK;
        }
        default -> throw new CorruptDataException("a zstd block of a reserved type");
      }
    }
    return bound;
  }

  private ByteBuffer require(int bytes) throws CorruptDataException {
    if (in.remaining() < bytes) {
      throw new CorruptDataException("the zstd data end too early");
    }
    return in;
  }

  private long skip(long bytes) throws CorruptDataException {
    if (in.remaining() < bytes) {
      throw new CorruptDataException("the zstd data end too early");
    }
    in.position(in.position() + (int) bytes);
    return bytes;
  }
}
