/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.wire;

import io.caravan.otlp.MalformedOtlpException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Walks over protobuf bytes in place, whether they lie in one piece or in the many of a composite
 * buffer.
 *
 * <p>Offsets count from the reader index that the buffer had. Every method that reads throws {@link
 * MalformedOtlpException} with the offset, and nothing else, on bytes that are not protobuf. Reads
 * through NIO views of the pieces, because a composite buffer looks its component up, and checks
 * its reference count, for every byte. Not thread-safe; valid while the caller holds the buffer.
 */
public final class WireReader {
  /** Protobuf's own bound on nesting. */
  private static final int MAX_GROUP_DEPTH = 100;

  private static final int MAX_VARINT_BYTES = 10;

  /** A tag of one byte and a length below 2<sup>28</sup>. */
  private static final int MAX_HEAD_BYTES = 5;

  private final ByteBuffer[] pieces;
  private final int[] starts;
  private ByteBuffer piece;
  private int pieceStart;
  private int pieceEnd;
  private int position;
  private int limit;

  public WireReader(ByteBuf bytes) {
    this(bytes, 0, bytes.readableBytes());
  }

  /** Reads {@code start} (inclusive) to {@code end} (exclusive), with offsets of the whole. */
  public WireReader(ByteBuf bytes, int start, int end) {
    pieces = bytes.nioBuffers(bytes.readerIndex() + start, end - start);
    starts = new int[pieces.length];
    int offset = start;
    for (int i = 0; i < pieces.length; i++) {
      starts[i] = offset;
      offset += pieces[i].remaining();
      pieces[i] = pieces[i].slice().order(ByteOrder.LITTLE_ENDIAN);
    }
    piece = pieces[0];
    pieceStart = start;
    pieceEnd = start + piece.limit();
    position = start;
    limit = end;
  }

  /** Where the next byte is read. */
  public int position() {
    return position;
  }

  /**
   * Goes to an offset, in either direction, and narrows or widens what may be read to {@code end}.
   */
  public void window(int start, int end) {
    position = start;
    limit = end;
  }

  /** The offset behind the last byte that may be read. */
  public int limit() {
    return limit;
  }

  public boolean hasMore() {
    return position < limit;
  }

  /**
   * Enters a message of {@code length} bytes that begins here.
   *
   * @return what {@link #leave} wants, to go on behind it
   */
  public int enter(int length) {
    int outer = limit;
    limit = position + length;
    return outer;
  }

  public void leave(int outer) {
    position = limit;
    limit = outer;
  }

  /** The next field's tag. */
  public int tag() throws MalformedOtlpException {
    int at = position;
    long tag = varint();
    if (tag >>> 32 != 0 || WireType.field((int) tag) == 0) {
      throw malformed("a field number from 1 to 536870911 was expected", at);
    }
    if (WireType.of((int) tag) > WireType.FIXED32) {
      throw malformed("wire type " + WireType.of((int) tag) + " does not exist", at);
    }
    return (int) tag;
  }

  /** The length of a field's content, which is known to be there. */
  public int length() throws MalformedOtlpException {
    int at = position;
    long length = varint();
    if (length < 0 || length > limit - position) {
      throw malformed(
          "a length of "
              + Long.toUnsignedString(length)
              + " goes beyond the end, "
              + (limit - position)
              + " bytes are left",
          at);
    }
    return (int) length;
  }

  public long varint() throws MalformedOtlpException {
    int at = position;
    byte b = next();
    if (b >= 0) {
      return b;
    }
    long value = b & 0x7f;
    for (int i = 1; i < MAX_VARINT_BYTES; i++) {
      b = next();
      value |= (long) (b & 0x7f) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw malformed("a varint is longer than " + MAX_VARINT_BYTES + " bytes", at);
  }

  public int fixed32() throws MalformedOtlpException {
    require(Integer.BYTES);
    int value = 0;
    for (int i = 0; i < Integer.BYTES; i++) {
      value |= (next() & 0xff) << (8 * i);
    }
    return value;
  }

  public long fixed64() throws MalformedOtlpException {
    require(Long.BYTES);
    if (position >= pieceStart && position <= pieceEnd - Long.BYTES) {
      long value = piece.getLong(position - pieceStart);
      position += Long.BYTES;
      return value;
    }
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value |= (long) (next() & 0xff) << (8 * i);
    }
    return value;
  }

  /** Passes over bytes that {@link #length} found to be there. */
  public void skip(int length) {
    position += length;
  }

  /**
   * Passes over the length-delimited fields that follow, as long as they have that tag of one byte
   * and lie in one piece, tag and length that is; stops before the first that does not.
   *
   * @return how many
   */
  public int skipRun(int tag) {
    int n = 0;
    int at = position;
    // A tag and the longest canonical length; the rest is left to the methods that check each byte.
    while (at >= pieceStart && at <= Math.min(pieceEnd, limit) - MAX_HEAD_BYTES) {
      int i = at - pieceStart;
      if (piece.get(i++) != tag) {
        break;
      }
      int length = 0;
      int shift = 0;
      byte b;
      do {
        b = piece.get(i++);
        length |= (b & 0x7f) << shift;
        shift += 7;
      } while (b < 0 && shift < 28);
      int content = pieceStart + i;
      if (b < 0 || length > limit - content) {
        break;
      }
      at = content + length;
      position = at;
      n++;
    }
    return n;
  }

  /** Passes over the content of a field whose tag was just read; over a group, to its end. */
  public void skipField(int tag) throws MalformedOtlpException {
    skipField(tag, 0);
  }

  private void skipField(int tag, int depth) throws MalformedOtlpException {
    switch (WireType.of(tag)) {
      case WireType.VARINT -> varint();
      case WireType.FIXED64 -> {
        require(Long.BYTES);
        skip(Long.BYTES);
      }
      case WireType.LENGTH -> skip(length());
      case WireType.GROUP_START -> skipGroup(WireType.field(tag), depth + 1);
      case WireType.FIXED32 -> {
        require(Integer.BYTES);
        skip(Integer.BYTES);
      }
      default -> throw malformed("a group ends that did not begin", position);
    }
  }

  private void skipGroup(int field, int depth) throws MalformedOtlpException {
    if (depth > MAX_GROUP_DEPTH) {
      throw malformed("groups are nested deeper than " + MAX_GROUP_DEPTH, position);
    }
    while (true) {
      int tag = tag();
      if (WireType.of(tag) == WireType.GROUP_END && WireType.field(tag) == field) {
        return;
      }
      skipField(tag, depth);
    }
  }

  /** Whether the bytes at an offset are these. */
  public boolean matches(int start, byte[] expected) {
    for (int i = 0; i < expected.length; i++) {
      if (at(start + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  /** Text of that many bytes at an offset; what is not UTF-8 becomes U+FFFD. */
  public String utf8(int start, int length) {
    byte[] text = new byte[length];
    copy(start, text, 0, length);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Copies {@code length} bytes at an offset to {@code target}, from {@code to} on. */
  public void copy(int start, byte[] target, int to, int length) {
    int copied = 0;
    while (copied < length) {
      moveTo(start + copied);
      int from = start + copied - pieceStart;
      int n = Math.min(length - copied, piece.limit() - from);
      piece.get(from, target, to + copied, n);
      copied += n;
    }
  }

  /** An answer to be thrown, for what stands at an offset. */
  public static MalformedOtlpException malformed(String what, int offset) {
    return new MalformedOtlpException("malformed protobuf at offset " + offset + ": " + what);
  }

  private void require(int bytes) throws MalformedOtlpException {
    if (bytes > limit - position) {
      throw malformed(
          bytes + " bytes were expected, " + (limit - position) + " are left", position);
    }
  }

  private byte next() throws MalformedOtlpException {
    if (position >= limit) {
      throw malformed("the message ends within a field", position);
    }
    return at(position++);
  }

  private byte at(int offset) {
    if (offset < pieceStart || offset >= pieceEnd) {
      moveTo(offset);
    }
    return piece.get(offset - pieceStart);
  }

  private void moveTo(int offset) {
    int found = Arrays.binarySearch(starts, offset);
    int i = found >= 0 ? found : -found - 2;
    // Empty pieces share their start with the one that follows, which is the one to read.
    while (pieces[i].limit() == 0) {
      i++;
    }
    piece = pieces[i];
    pieceStart = starts[i];
    pieceEnd = pieceStart + piece.limit();
  }
}
