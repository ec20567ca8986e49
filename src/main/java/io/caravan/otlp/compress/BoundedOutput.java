/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;

/**
 * A direct buffer that grows with what is decompressed into it, up to a limit. Not safe for use by
 * several threads. Closing it releases the buffer unless it was taken.
 */
final class BoundedOutput implements AutoCloseable {
  private static final int LEAST = 256;

  private final ByteBufAllocator allocator;
  private final int limit;
  private ByteBuf buffer = Unpooled.EMPTY_BUFFER;
  private boolean taken;

  /**
   * An empty output.
   *
   * @param limit the most bytes of content; the buffer is at most one byte larger, which tells
   *     content of exactly the limit from content beyond it
   */
  BoundedOutput(ByteBufAllocator allocator, int limit) {
    this.allocator = allocator;
    this.limit = limit;
  }

  /** Makes room for {@code more} bytes beyond what was produced, or for what the limit leaves. */
  @SuppressWarnings("ReferenceEquality") // the very buffer that it begins with
  void expect(long more) {
    int bound = Math.addExact(limit, 1);
    int wanted = Math.clamp(size() + more, Math.min(LEAST, bound), bound);
    if (buffer == Unpooled.EMPTY_BUFFER) {
      buffer = allocator.directBuffer(wanted, bound);
    } else if (wanted > buffer.capacity()) {
      buffer.capacity(wanted);
    }
  }

  int size() {
    return buffer.writerIndex();
  }

  /** How many bytes the limit leaves. */
  int left() {
    return limit - size();
  }

  /** Room for at least one byte. What is written there counts once {@link #produced} was told. */
  ByteBuffer room() {
    if (!buffer.isWritable()) {
      expect(Math.max(1, buffer.capacity()));
    }
    return buffer.nioBuffer(size(), buffer.writableBytes());
  }

  /** Room for exactly {@code bytes} more. */
  ByteBuffer room(int bytes) throws ContentTooLargeException {
    if (bytes > left()) {
      throw tooLarge();
    }
    if (bytes > buffer.writableBytes()) {
      expect(Math.max(bytes, buffer.capacity()));
    }
    return buffer.nioBuffer(size(), bytes);
  }

  /** Counts bytes that were written to the room. */
  void produced(int bytes) throws ContentTooLargeException {
    buffer.writerIndex(size() + bytes);
    if (size() > limit) {
      throw tooLarge();
    }
  }

  ContentTooLargeException tooLarge() {
    return new ContentTooLargeException(limit);
  }

  /** What was produced from {@code start} on, and the room behind it. */
  ByteBuffer from(int start) {
    return buffer.nioBuffer(start, buffer.capacity() - start);
  }

  /** What was produced from {@code start} on. */
  ByteBuffer since(int start) {
    return buffer.nioBuffer(start, size() - start);
  }

  /** The content, in a buffer that is not much larger; the caller releases it. */
  ByteBuf take() {
    expect(0);
    taken = true;
    return buffer.capacity(Math.min(Math.max(LEAST, size()), buffer.maxCapacity()));
  }

  @Override
  public void close() {
    if (!taken) {
      buffer.release();
    }
  }
}
