/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Snappy's framing format: chunks of at most 64 KiB of content, each with a checksum. */
final class SnappyFrames implements Codec {
  static final SnappyFrames CODEC = new SnappyFrames();

  private static final byte[] IDENTIFIER = {(byte) 0xff, 6, 0, 0, 's', 'N', 'a', 'P', 'p', 'Y'};
  private static final int CHUNK = 64 << 10;
  private static final int HEADER = 4;
  private static final int CHECKSUM = 4;

  private static final int COMPRESSED = 0;
  private static final int UNCOMPRESSED = 1;
  private static final int STREAM_IDENTIFIER = 0xff;
  private static final int FIRST_SKIPPABLE = 0x80;

  private static final long LIKELY_RATIO = 4;

  private SnappyFrames() {}

  static boolean isFramed(ByteBuffer source) {
    return source.remaining() >= IDENTIFIER.length
        && source.slice(source.position(), IDENTIFIER.length).equals(ByteBuffer.wrap(IDENTIFIER));
  }

  /** Of nothing at all as well: that is how others write empty content. */
  @Override
  public void decompress(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    if (source.hasRemaining() && !isFramed(source)) {
      throw new CorruptDataException("no identifier of a framed snappy stream");
    }
    out.expect(source.remaining() * LIKELY_RATIO);
    source.order(ByteOrder.LITTLE_ENDIAN);
    while (source.hasRemaining()) {
      chunk(source, out);
    }
  }

  private static void chunk(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    if (source.remaining() < HEADER) {
      throw endsTooEarly();
    }
    int header = source.getInt();
    int type = header & 0xff;
    int length = header >>> 8;
    if (source.remaining() < length) {
      throw endsTooEarly();
    }
    ByteBuffer data = source.slice(source.position(), length).order(ByteOrder.LITTLE_ENDIAN);
    source.position(source.position() + length);
    switch (type) {
      case COMPRESSED, UNCOMPRESSED -> content(type, data, out);
      case STREAM_IDENTIFIER -> {
        if (!data.equals(ByteBuffer.wrap(IDENTIFIER, HEADER, IDENTIFIER.length - HEADER))) {
          throw new CorruptDataException("not the identifier of a snappy stream");
        }
      }
      default -> {
        if (type < FIRST_SKIPPABLE) {
          throw new CorruptDataException("a snappy chunk of the unknown type " + type);
        }
      }
    }
  }

  private static void content(int type, ByteBuffer data, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    if (data.remaining() < CHECKSUM) {
      throw endsTooEarly();
    }
    int checksum = data.getInt();
    long length =
        type == UNCOMPRESSED ? data.remaining() : SnappyBlock.contentLength(data.duplicate());
    if (length > CHUNK) {
      throw new CorruptDataException("a snappy chunk of " + length + " bytes, more than 64 KiB");
    }
    ByteBuffer target = out.room((int) length);
    if (type == UNCOMPRESSED) {
      target.duplicate().put(data);
    } else {
      SnappyBlock.decompressBlock(data, target.duplicate());
    }
    if (checksum != masked(target)) {
      throw new CorruptDataException("the checksum does not match");
    }
    out.produced((int) length);
  }

  private static CorruptDataException endsTooEarly() {
    return new CorruptDataException("the snappy data end too early");
  }

  /** CRC-32C, rotated and shifted as the format wants it. */
  private static int masked(ByteBuffer content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
  }

  @Override
  public ByteBuf compress(ByteBuffer source, ByteBufAllocator allocator) {
    int size = source.remaining();
    ByteBuf out = allocator.directBuffer(Math.max(256, size / 2)).writeBytes(IDENTIFIER);
    for (int at = source.position(); at < source.limit(); at += CHUNK) {
      append(source.slice(at, Math.min(CHUNK, source.limit() - at)), out);
    }
    return out;
  }

  private static void append(ByteBuffer content, ByteBuf out) {
    int start = out.writerIndex();
    int data = start + HEADER + CHECKSUM;
    out.ensureWritable(HEADER + CHECKSUM + SnappyBlock.maxLength(content.remaining()));
    int length = SnappyBlock.compressBlock(content, out.nioBuffer(data, out.capacity() - data));
    int type = COMPRESSED;
    // The reference implementation's bound: less than an eighth saved is not worth decompressing.
    if (length > content.remaining() - content.remaining() / 8) {
      type = UNCOMPRESSED;
      length = content.remaining();
      out.setBytes(data, content.duplicate());
    }
    out.setIntLE(start, type | (CHECKSUM + length) << 8);
    out.setIntLE(start + HEADER, masked(content));
    out.writerIndex(data + length);
  }
}
