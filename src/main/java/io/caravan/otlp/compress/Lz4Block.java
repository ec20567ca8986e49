/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import java.nio.ByteBuffer;

/**
 * LZ4's block format. Unlike the libraries for it, this decoder reads blocks that refer to content
 * of the blocks before them, which is what liblz4 writes by default.
 */
final class Lz4Block {
  private static final int MIN_MATCH = 4;

  /** A byte of a length that goes on stands for as many bytes of content. */
  private static final long HIGHEST_RATIO = 255;

  private final ByteBuffer in;
  private final ByteBuffer out;
  private int at;

  /**
   * A decoder.
   *
   * @param out all that the block may refer to, and the room behind it
   * @param at where in {@code out} the block's content begins
   */
  private Lz4Block(ByteBuffer in, ByteBuffer out, int at) {
    this.in = in;
    this.out = out;
    this.at = at;
  }

  /**
   * Decompresses one block.
   *
   * @param window where in the output the content begins that the block may refer to
   * @param largest the most bytes of content that the block may have
   */
  static void decompress(ByteBuffer block, int window, int largest, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    long most = Math.min(largest, block.remaining() * HIGHEST_RATIO);
    out.expect(most);
    int start = out.size() - window;
    ByteBuffer content = out.from(window);
    content.limit((int) Math.min(content.limit(), start + most));
    Lz4Block decoder = new Lz4Block(block, content, start);
    if (!decoder.decode()) {
      if (most > out.left()) {
        throw out.tooLarge();
      }
      throw new CorruptDataException("an lz4 block with more content than its frame allows");
    }
    out.produced(decoder.at - start);
  }

  /** False if there is more content than room. */
  private boolean decode() throws CorruptDataException {
    while (in.hasRemaining()) {
      int token = in.get() & 0xff;
      long literals = length(token >> 4);
      if (literals > in.remaining()) {
        throw new CorruptDataException("the lz4 block ends too early");
      }
      if (literals > out.limit() - at) {
        return false;
      }
      out.put(at, in, in.position(), (int) literals);
      in.position(in.position() + (int) literals);
      at += (int) literals;
      if (!in.hasRemaining()) {
        return true; // the last sequence has no match
      }
      if (!match(token & 0xf)) {
        return false;
      }
    }
    throw new CorruptDataException("the lz4 block ends too early");
  }

  private boolean match(int code) throws CorruptDataException {
    if (in.remaining() < 2) {
      throw new CorruptDataException("the lz4 block ends too early");
    }
    int distance = (in.get() & 0xff) | (in.get() & 0xff) << 8;
    long length = length(code) + MIN_MATCH;
    if (distance == 0 || distance > at) {
      throw new CorruptDataException("an lz4 match before the beginning");
    }
    if (length > out.limit() - at) {
      return false;
    }
    int end = at + (int) length;
    // A match may overlap what it makes: each round copies what is there, and twice as much next.
    for (int from = at - distance; at < end; ) {
      int part = Math.min(at - from, end - at);
      out.put(at, out, from, part);
      at += part;
    }
    return true;
  }

  private long length(int code) throws CorruptDataException {
    long length = code;
    int more = code == 15 ? 255 : 0;
    while (more == 255) {
      if (!in.hasRemaining()) {
        throw new CorruptDataException("the lz4 block ends too early");
      }
      more = in.get() & 0xff;
      length += more;
    }
    return length;
  }
}
