/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** LZ4's frame format 1.6.x, without dictionaries: only read. */
final class Lz4Frames implements Codec {
  static final Lz4Frames CODEC = new Lz4Frames();

  private static final int MAGIC = 0x184D2204;
  private static final int SKIPPABLE = 0x184D2A50;
  private static final int SKIPPABLE_MASK = 0xFFFFFFF0;
  private static final int UNCOMPRESSED = 0x80000000;

  private static final int VERSION_MASK = 0xC0;
  private static final int VERSION = 0x40;
  private static final int INDEPENDENT = 0x20;
  private static final int BLOCK_CHECKSUM = 0x10;
  private static final int CONTENT_SIZE = 0x08;
  private static final int CONTENT_CHECKSUM = 0x04;
  private static final int RESERVED = 0x02;
  private static final int DICTIONARY = 0x01;

  private static final long LIKELY_RATIO = 4;

  private Lz4Frames() {}

  @Override
  public void decompress(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    out.expect(source.remaining() * LIKELY_RATIO);
    source.order(ByteOrder.LITTLE_ENDIAN);
    while (source.hasRemaining()) {
      int magic = require(source, 4).getInt();
      if ((magic & SKIPPABLE_MASK) == SKIPPABLE) {
        slice(source, require(source, 4).getInt());
      } else if (magic == MAGIC) {
        frame(source, out);
      } else {
        throw new CorruptDataException("no lz4 frame at byte " + (source.position() - 4));
      }
    }
  }

  private static void frame(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    int descriptor = source.position();
    int flags = require(source, 2).get();
    int largest = largestBlock(source.get());
    if ((flags & VERSION_MASK) != VERSION || (flags & RESERVED) != 0) {
      throw new CorruptDataException("an lz4 frame of an unknown version");
    }
    if ((flags & DICTIONARY) != 0) {
      throw new CorruptDataException("the lz4 frame needs a dictionary");
    }
    long size = (flags & CONTENT_SIZE) != 0 ? require(source, 8).getLong() : -1;
    int hash = XxHash32.of(source.slice(descriptor, source.position() - descriptor));
    if (require(source, 1).get() != (byte) (hash >> 8)) {
      throw new CorruptDataException("the checksum of the lz4 header does not match");
    }
    int start = out.size();
    for (int header = require(source, 4).getInt(); header != 0; ) {
      ByteBuffer block = slice(source, header & ~UNCOMPRESSED);
      if (block.remaining() > largest) {
        throw new CorruptDataException("an lz4 block that is larger than its frame allows");
      }
      if ((flags & BLOCK_CHECKSUM) != 0 && require(source, 4).getInt() != XxHash32.of(block)) {
        throw new CorruptDataException("the checksum of an lz4 block does not match");
      }
      if ((header & UNCOMPRESSED) != 0) {
        int length = block.remaining();
        out.room(length).put(block);
        out.produced(length);
      } else {
        int window = (flags & INDEPENDENT) != 0 ? out.size() : start;
        Lz4Block.decompress(block, window, largest, out);
      }
      header = require(source, 4).getInt();
    }
    ByteBuffer content = out.since(start);
    if (size >= 0 && size != content.remaining()) {
      throw new CorruptDataException("the length of the lz4 frame does not match");
    }
    if ((flags & CONTENT_CHECKSUM) != 0 && require(source, 4).getInt() != XxHash32.of(content)) {
      throw new CorruptDataException("the checksum of the lz4 frame does not match");
    }
  }

  private static int largestBlock(byte descriptor) throws CorruptDataException {
    int code = (descriptor >> 4) & 0xf;
    if (code < 4 || code > 7 || (descriptor & 0xf) != 0) {
      throw new CorruptDataException("an lz4 frame of an unknown block size");
    }
    return 1 << (8 + 2 * code);
  }

  private static ByteBuffer slice(ByteBuffer source, int length) throws CorruptDataException {
    if (length < 0 || length > source.remaining()) {
      throw endsTooEarly();
    }
    ByteBuffer part = source.slice(source.position(), length);
    source.position(source.position() + length);
    return part;
  }

  private static ByteBuffer require(ByteBuffer source, int bytes) throws CorruptDataException {
    if (source.remaining() < bytes) {
      throw endsTooEarly();
    }
    return source;
  }

  private static CorruptDataException endsTooEarly() {
    return new CorruptDataException("the lz4 data end too early");
  }

  @Override
  public ByteBuf compress(ByteBuffer source, ByteBufAllocator allocator) {
    throw new UnsupportedOperationException("lz4 is only read");
  }
}
