/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gathers the parts of one message in direct buffers.
 *
 * <p>The memory grows with what has arrived and not with what a peer announces, so that an
 * announcement costs nothing. A part that fills most of the buffer in which it was read is kept as
 * it is; smaller ones are copied, so that none holds a buffer that is mostly somebody else's. A
 * message that outgrows its first buffer goes on in another one: no byte is copied twice, and every
 * buffer is of a size that the allocator keeps and uses again. Not thread-safe.
 */
public final class Gathering {
  private static final int FIRST = 16 << 10;

  /** Below that, copying costs less than one more piece in every later step. */
  private static final int LEAST_KEPT = 32 << 10;

  /** A size that the allocator keeps and uses again. */
  private static final int LARGEST = 1 << 20;

  private final ByteBufAllocator allocator;
  private final List<ByteBuf> full = new ArrayList<>(0);

  /** What is written to; null where the next byte needs a new buffer. */
  private @Nullable ByteBuf last;

  private final long announced;
  private int size;
  private long capacity;

  /**
   * Begins a message of which nothing has arrived.
   *
   * @param announced its length in bytes as the peer says, -1 where it does not
   */
  public Gathering(ByteBufAllocator allocator, long announced) {
    this.allocator = allocator;
    this.announced = announced;
  }

  /** The bytes that have arrived. */
  public int size() {
    return size;
  }

  /** The bytes of memory that they take. */
  public long capacity() {
    return capacity;
  }

  /** The bytes of memory that they will take with {@code part}. */
  public long capacityWith(ByteBuf part) {
    int more = part.readableBytes();
    int memory = memory(part);
    if (keeps(more, memory)) {
      return capacity + memory;
    }
    ByteBuf buffer = last;
    int room = buffer == null ? 0 : buffer.writableBytes();
    return room >= more ? capacity : capacity + next(more - room);
  }

  /** Appends all of {@code part}, which stays the caller's. */
  public void append(ByteBuf part) {
    int left = part.readableBytes();
    int memory = memory(part);
    if (keeps(left, memory)) {
      keep(part.retainedSlice(), memory);
    } else {
      copy(part);
    }
    size += left;
  }

  private static boolean keeps(int length, int memory) {
    return length >= LEAST_KEPT && length >= memory / 4 * 3;
  }

  /** The bytes of the buffer of which {@code part} is a part. */
  private static int memory(ByteBuf part) {
    ByteBuf whole = part;
    for (ByteBuf outer = part.unwrap(); outer != null; outer = outer.unwrap()) {
      whole = outer;
    }
    return whole.capacity();
  }

  private void keep(ByteBuf part, int memory) {
    complete();
    full.add(part);
    capacity += memory;
  }

  private void copy(ByteBuf part) {
    int from = part.readerIndex();
    int left = part.readableBytes();
    while (left > 0) {
      ByteBuf buffer = last;
      if (buffer == null || !buffer.isWritable()) {
        buffer = allocate(left);
      }
      int n = Math.min(left, buffer.writableBytes());
      buffer.writeBytes(part, from, n);
      from += n;
      left -= n;
    }
  }

  private void complete() {
    if (last != null) {
      full.add(last);
      last = null;
    }
  }

  private ByteBuf allocate(int atLeast) {
    int length = next(atLeast);
    // All of it may be used, also what the allocator rounds up to.
    ByteBuf buffer = allocator.directBuffer(length, length);
    complete();
    last = buffer;
    capacity += length;
    return buffer;
  }

  /** As much again as has arrived: whoever stops half-way holds at most twice what it sent. */
  private int next(int atLeast) {
    long likely = Math.min(LARGEST, Math.max(FIRST, size));
    long missing = announced < 0 ? likely : announced - size;
    return (int) Math.max(atLeast, Math.min(likely, missing));
  }

  /** The message; the caller owns it, and this is empty. In several pieces where it is large. */
  public ByteBuf take() {
    complete();
    size = 0;
    capacity = 0;
    if (full.isEmpty()) {
      return Unpooled.EMPTY_BUFFER;
    }
    if (full.size() == 1) {
      return full.removeFirst();
    }
    CompositeByteBuf whole = allocator.compositeDirectBuffer(full.size());
    full.forEach(piece -> whole.addComponent(true, piece));
    full.clear();
    return whole;
  }

  /** Drops what has arrived. */
  public void discard() {
    take().release();
  }
}
