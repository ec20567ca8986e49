/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.Arrays;

/**
 * Writes protobuf whose sub-messages are not known in length until they are done.
 *
 * <p>Contents and lengths are gathered apart and joined once at the end, so that each length takes
 * the fewest bytes, as canonical protobuf has it, and no content is moved more than once. Not
 * thread-safe.
 */
public final class ProtobufWriter {
  private byte[] bytes;
  private int size;

  /** For each sub-message in order of its beginning: where in {@link #bytes}, and how long. */
  private int[] starts = new int[64];

  private int[] lengths = new int[64];
  private int messages;

  /** Bytes that lengths will add to what stands in {@link #bytes}, of all that are done. */
  private int added;

  public ProtobufWriter(int expectedSize) {
    bytes = new byte[Math.max(64, expectedSize)];
  }

  /**
   * Begins a sub-message, or a packed field, whose tag is written already.
   *
   * @return what {@link #end} wants
   */
  public int begin() {
    if (messages == starts.length) {
      starts = Arrays.copyOf(starts, 2 * messages);
      lengths = Arrays.copyOf(lengths, 2 * messages);
    }
    starts[messages] = size;
    // Until it is done: what had been added before it.
    lengths[messages] = added;
    return messages++;
  }

  public void end(int message) {
    int length = size - starts[message] + added - lengths[message];
    lengths[message] = length;
    added += Varints.size(length);
  }

  public void varint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  public void fixed32(int value) {
    ensure(Integer.BYTES);
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  public void fixed64(long value) {
    ensure(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
  }

  public void bytes(byte[] content) {
    varint(content.length);
    ensure(content.length);
    System.arraycopy(content, 0, bytes, size, content.length);
    size += content.length;
  }

  /** Text as UTF-8; a surrogate without its other half becomes U+FFFD. */
  public void utf8(char[] text, int offset, int length) {
    int message = begin();
    ensure(3 * length);
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      char c = text[i];
      if (c < 0x80) {
        bytes[size++] = (byte) c;
      } else if (i + 1 < end && Character.isSurrogatePair(c, text[i + 1])) {
        i++;
        codePoint(Character.toCodePoint(c, text[i]));
      } else {
        codePoint(Character.isSurrogate(c) ? 0xfffd : c);
      }
    }
    end(message);
  }

  private void codePoint(int c) {
    if (c < 0x800) {
      bytes[size++] = (byte) (0xc0 | c >> 6);
    } else {
      if (c < 0x10000) {
        bytes[size++] = (byte) (0xe0 | c >> 12);
      } else {
        bytes[size++] = (byte) (0xf0 | c >> 18);
        bytes[size++] = (byte) (0x80 | (c >> 12 & 0x3f));
      }
      bytes[size++] = (byte) (0x80 | (c >> 6 & 0x3f));
    }
    bytes[size++] = (byte) (0x80 | (c & 0x3f));
  }

  /** What was written, in a buffer that the caller releases. */
  public ByteBuf toBuffer(ByteBufAllocator allocator) {
    ByteBuf out = allocator.directBuffer(Math.max(1, size + added));
    int from = 0;
    for (int i = 0; i < messages; i++) {
      out.writeBytes(bytes, from, starts[i] - from);
      from = starts[i];
      Varints.write(lengths[i], out);
    }
    return out.writeBytes(bytes, from, size - from);
  }

  private void ensure(int more) {
    if (more > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
    }
  }
}
