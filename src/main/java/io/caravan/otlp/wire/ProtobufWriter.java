/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.wire;

import io.caravan.otlp.MalformedOtlpException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes protobuf whose sub-messages are not known in length until they are done.
 *
 * <p>Contents and lengths are gathered apart and joined once at the end, so that each length takes
 * the fewest bytes, as canonical protobuf has it, and no content is moved more than once: it stands
 * in chunks on the heap, and never in two copies. Not thread-safe.
 */
public final class ProtobufWriter {
  /**
   * Bounds what lengths take to 32 MiB: a document of 64 MiB can hold 20 million empty messages.
   */
  static final int MAX_MESSAGES = 1 << 22;

  private static final int MAX_CHUNK = 1 << 20;

  /** The bytes of the longest character in UTF-8. */
  private static final int MAX_CHARACTER = 4;

  /** The chunks that are full, and how far. */
  private final List<byte[]> full = new ArrayList<>();

  private final List<Integer> ends = new ArrayList<>();

  /** The chunk that is written to, how far, and the bytes in those before it. */
  private byte[] bytes;

  private int at;
  private int before;

  /** For each sub-message in order of its beginning: after how many bytes, and how long. */
  private int[] starts = new int[64];

  private int[] lengths = new int[64];
  private int messages;

  /** Bytes that lengths will add to what stands in the chunks, of all messages that are done. */
  private int added;

  public ProtobufWriter(int expectedSize) {
    bytes = new byte[Math.max(64, expectedSize)];
  }

  /**
   * Begins a sub-message, or a packed field, whose tag is written already.
   *
   * @return what {@link #end} wants
   * @throws MalformedOtlpException if there are more than anybody sends
   */
  public int begin() throws MalformedOtlpException {
    if (messages == starts.length) {
      if (messages == MAX_MESSAGES) {
        throw new MalformedOtlpException(
            "the request holds more than " + MAX_MESSAGES + " objects and strings");
      }
      starts = Arrays.copyOf(starts, 2 * messages);
      lengths = Arrays.copyOf(lengths, 2 * messages);
    }
    starts[messages] = before + at;
    // Until it is done: what had been added before it.
    lengths[messages] = added;
    return messages++;
  }

  public void end(int message) {
    int length = before + at - starts[message] + added - lengths[message];
    lengths[message] = length;
    added += Varints.size(length);
  }

  public void varint(long value) {
    ensure(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[at++] = (byte) rest;
  }

  public void fixed32(int value) {
    ensure(Integer.BYTES);
    for (int i = 0; i < Integer.BYTES; i++) {
      bytes[at++] = (byte) (value >>> (8 * i));
    }
  }

  public void fixed64(long value) {
    ensure(Long.BYTES);
    for (int i = 0; i < Long.BYTES; i++) {
      bytes[at++] = (byte) (value >>> (8 * i));
    }
  }

  public void bytes(byte[] content) {
    varint(content.length);
    ensure(content.length);
    System.arraycopy(content, 0, bytes, at, content.length);
    at += content.length;
  }

  /**
   * Text as UTF-8; a surrogate without its other half becomes U+FFFD.
   *
   * @throws MalformedOtlpException as {@link #begin} does
   */
  public void utf8(char[] text, int offset, int length) throws MalformedOtlpException {
    int message = begin();
    int end = offset + length;
    for (int i = offset; i < end; i++) {
      if (bytes.length - at < MAX_CHARACTER) {
        startChunk(nextChunk());
      }
      char c = text[i];
      if (c < 0x80) {
        bytes[at++] = (byte) c;
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
      bytes[at++] = (byte) (0xc0 | c >> 6);
    } else {
      if (c < 0x10000) {
        bytes[at++] = (byte) (0xe0 | c >> 12);
      } else {
        bytes[at++] = (byte) (0xf0 | c >> 18);
        bytes[at++] = (byte) (0x80 | (c >> 12 & 0x3f));
      }
      bytes[at++] = (byte) (0x80 | (c >> 6 & 0x3f));
    }
    bytes[at++] = (byte) (0x80 | (c & 0x3f));
  }

  /** The bytes so far, with the lengths of all messages that are done. */
  public int size() {
    return before + at + added;
  }

  /** What was written, in a buffer that the caller releases. */
  public ByteBuf toBuffer(ByteBufAllocator allocator) {
    int size = before + at;
    ByteBuf out = allocator.directBuffer(Math.max(1, size + added));
    startChunk(0);
    Chunks chunks = new Chunks(out);
    for (int i = 0; i < messages; i++) {
      chunks.copyUntil(starts[i]);
      Varints.write(lengths[i], out);
    }
    chunks.copyUntil(size);
    return out;
  }

  private void ensure(int more) {
    if (more > bytes.length - at) {
      startChunk(Math.max(more, nextChunk()));
    }
  }

  private int nextChunk() {
    return Math.min(MAX_CHUNK, 2 * bytes.length);
  }

  private void startChunk(int size) {
    full.add(bytes);
    ends.add(at);
    before += at;
    bytes = new byte[size];
    at = 0;
  }

  /** Copies what stands in the chunks, in order. */
  private final class Chunks {
    private final ByteBuf out;
    private int copied;
    private int chunk;
    private int from;

    Chunks(ByteBuf out) {
      this.out = out;
    }

    void copyUntil(int end) {
      while (copied < end) {
        int n = Math.min(end - copied, ends.get(chunk) - from);
        out.writeBytes(full.get(chunk), from, n);
        copied += n;
        from += n;
        if (from == ends.get(chunk)) {
          chunk++;
          from = 0;
        }
      }
    }
  }
}
