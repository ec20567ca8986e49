/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.wire.Varints;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Makes new bytes of parts of others and a few of its own, in order.
 *
 * <p>A result of few pieces best shares the original's memory. Many small ones are better copied
 * into one buffer: a piece costs about as much as copying two kilobytes, when it is made and
 * whenever it is read or written. Not thread-safe.
 */
final class Splice {
  /** The most pieces for which sharing is cheaper. */
  private static final int MAX_PIECES = 32;

  private final ByteBuf original;
  private final ByteBufAllocator allocator;

  /** What is not the original's. */
  private final ByteBuf patch;

  /** From and to of each piece; from is negated (~) where it lies in {@link #patch}. */
  private int[] pieces = new int[16];

  private int count;
  private int size;

  /** A splice of bytes that it borrows; its offsets count from their reader index. */
  Splice(ByteBuf original) {
    this.original = original;
    this.allocator = original.alloc();
    this.patch = Unpooled.EMPTY_BUFFER;
  }

  /** A splice that adds about so many bytes. */
  Splice(ByteBuf original, int added) {
    this.original = original;
    this.allocator = original.alloc();
    this.patch = allocator.directBuffer(Math.max(added, 16));
  }

  /** A request without the entries that are not kept. */
  static Splice ofEntries(ByteBuf request, BatchIndex index, boolean[] kept) {
    Splice splice = new Splice(request);
    int from = 0;
    for (int i = 0; i < kept.length; i++) {
      if (!kept[i]) {
        splice.keep(from, index.start(i));
        from = index.end(i);
      }
    }
    splice.keep(from, request.readableBytes());
    return splice;
  }

  /** The bytes so far. */
  int size() {
    return size;
  }

  /** Goes on with a part of the original. */
  void keep(int from, int to) {
    if (from == to) {
      return;
    }
    size += to - from;
    if (count > 0 && pieces[2 * count - 2] >= 0 && pieces[2 * count - 1] == from) {
      pieces[2 * count - 1] = to;
    } else {
      add(from, to);
    }
  }

  /** Goes on with a tag and a length. */
  void put(int tag, int length) {
    int from = patch.writerIndex();
    patch.writeByte(tag);
    Varints.write(length, patch);
    patched(from);
  }

  /** Goes on with some attributes. */
  void put(EncodedAttributes attributes, long chosen) {
    int from = patch.writerIndex();
    attributes.write(chosen, patch);
    patched(from);
  }

  private void patched(int from) {
    int to = patch.writerIndex();
    size += to - from;
    if (count > 0 && pieces[2 * count - 2] < 0) {
      pieces[2 * count - 1] = to;
    } else {
      add(~from, to);
    }
  }

  private void add(int from, int to) {
    if (2 * count == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * pieces.length);
    }
    pieces[2 * count] = from;
    pieces[2 * count + 1] = to;
    count++;
  }

  /** Whether a copy costs less than sharing the original's memory. */
  boolean worthCopying() {
    return count > MAX_PIECES;
  }

  /** Gives up, instead of {@link #share} or {@link #copy}. */
  void discard() {
    patch.release();
  }

  /** The result, in the original's memory. Ends the splice; the caller releases the result. */
  ByteBuf share() {
    try {
      return count == 0 ? Unpooled.EMPTY_BUFFER : count == 1 ? piece(0) : composite();
    } finally {
      patch.release();
    }
  }

  private ByteBuf composite() {
    CompositeByteBuf whole = allocator.compositeDirectBuffer(count);
    for (int i = 0; i < count; i++) {
      whole.addComponent(true, piece(i));
    }
    return whole;
  }

  private ByteBuf piece(int i) {
    int from = pieces[2 * i];
    int to = pieces[2 * i + 1];
    return from < 0
        ? patch.retainedSlice(~from, to - ~from)
        : original.retainedSlice(original.readerIndex() + from, to - from);
  }

  /** The result, in memory of its own. Ends the splice; the caller releases the result. */
  ByteBuf copy() {
    ByteBuf whole = allocator.directBuffer(size);
    for (int i = 0; i < count; i++) {
      int from = pieces[2 * i];
      int to = pieces[2 * i + 1];
      if (from < 0) {
        whole.writeBytes(patch, ~from, to - ~from);
      } else {
        whole.writeBytes(original, original.readerIndex() + from, to - from);
      }
    }
    patch.release();
    return whole;
  }
}
