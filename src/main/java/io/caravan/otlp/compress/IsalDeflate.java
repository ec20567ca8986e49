/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * Deflate by ISA-L, level 1: six times as fast as zlib's fastest level, and smaller.
 *
 * <p>The offsets are those of {@code igzip_lib.h} of ISA-L 2 where addresses have 64 bits; both
 * structures are public there and keep their layout as long as the library keeps its name.
 */
final class IsalDeflate implements RawDeflate {
  /** {@code struct isal_zstream} has 82,384 bytes, {@code struct inflate_state} 87,368; and air. */
  private static final long STRUCT = 128 << 10;

  /** {@code ISAL_DEF_LVL1_DEFAULT}. */
  private static final int LEVEL_BUFFER = 282_624;

  private static final int DEFLATE_NEXT_IN = 0;
  private static final int DEFLATE_AVAIL_IN = 8;
  private static final int DEFLATE_NEXT_OUT = 16;
  private static final int DEFLATE_AVAIL_OUT = 24;
  private static final int DEFLATE_LEVEL = 40;
  private static final int DEFLATE_LEVEL_BUFFER_SIZE = 44;
  private static final int DEFLATE_LEVEL_BUFFER = 48;
  private static final int DEFLATE_END_OF_STREAM = 56;
  private static final int DEFLATE_STATE = 84;
  private static final int ZSTATE_END = 11;

  private static final int INFLATE_NEXT_OUT = 0;
  private static final int INFLATE_AVAIL_OUT = 8;
  private static final int INFLATE_NEXT_IN = 16;
  private static final int INFLATE_AVAIL_IN = 32;
  private static final int INFLATE_READ_BITS = 36;
  private static final int INFLATE_BLOCK_STATE = 21_160;
  private static final int BLOCK_FINISH = 5;

  /** What one thread works with; freed with the thread. */
  private record Context(MemorySegment struct, MemorySegment level) {
    static Context allocate() {
      Arena arena = Arena.ofAuto();
      return new Context(arena.allocate(STRUCT, 64), arena.allocate(LEVEL_BUFFER, 64));
    }
  }

  private static final FastThreadLocal<Context> CONTEXT =
      new FastThreadLocal<>() {
        @Override
        protected Context initialValue() {
          return Context.allocate();
        }
      };

  private final Isal isal;

  IsalDeflate(Isal isal) {
    this.isal = isal;
  }

  @Override
  public void inflate(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    MemorySegment state = CONTEXT.get().struct();
    Isal.init(isal.inflateInit(), state);
    int length = source.remaining();
    state.set(ADDRESS, INFLATE_NEXT_IN, MemorySegment.ofBuffer(source));
    state.set(JAVA_INT, INFLATE_AVAIL_IN, length);
    while (state.get(JAVA_INT, INFLATE_BLOCK_STATE) != BLOCK_FINISH) {
      ByteBuffer room = out.room();
      state.set(ADDRESS, INFLATE_NEXT_OUT, MemorySegment.ofBuffer(room));
      state.set(JAVA_INT, INFLATE_AVAIL_OUT, room.remaining());
      int result = Isal.step(isal.inflate(), state);
      if (result < 0) {
        throw new CorruptDataException("broken deflate data: " + problem(result));
      }
      int left = state.get(JAVA_INT, INFLATE_AVAIL_OUT);
      out.produced(room.remaining() - left);
      if (left > 0 && state.get(JAVA_INT, INFLATE_BLOCK_STATE) != BLOCK_FINISH) {
        throw new CorruptDataException("the deflate data ends too early");
      }
    }
    // It reads whole words; what it has not used of the last one belongs to whatever follows.
    int unread =
        state.get(JAVA_INT, INFLATE_AVAIL_IN)
            + Math.max(0, state.get(JAVA_INT, INFLATE_READ_BITS)) / 8;
    source.position(source.position() + length - unread);
  }

  /** The negative results of {@code isal_inflate}. */
  private static String problem(int result) {
    return switch (result) {
      case -1 -> "invalid block";
      case -2 -> "invalid symbol";
      case -3 -> "invalid distance";
      default -> "code " + result;
    };
  }

  @Override
  public void deflate(ByteBuffer source, ByteBuf out) {
    Context context = CONTEXT.get();
    MemorySegment stream = context.struct();
    Isal.init(isal.deflateInit(), stream);
    stream.set(JAVA_INT, DEFLATE_LEVEL, 1);
    stream.set(JAVA_INT, DEFLATE_LEVEL_BUFFER_SIZE, LEVEL_BUFFER);
    stream.set(ADDRESS, DEFLATE_LEVEL_BUFFER, context.level());
    stream.set(JAVA_SHORT, DEFLATE_END_OF_STREAM, (short) 1);
    stream.set(ADDRESS, DEFLATE_NEXT_IN, MemorySegment.ofBuffer(source));
    stream.set(JAVA_INT, DEFLATE_AVAIL_IN, source.remaining());
    do {
      ByteBuffer room = RawDeflate.room(out);
      stream.set(ADDRESS, DEFLATE_NEXT_OUT, MemorySegment.ofBuffer(room));
      stream.set(JAVA_INT, DEFLATE_AVAIL_OUT, room.remaining());
      int result = Isal.step(isal.deflate(), stream);
      if (result != 0) {
        throw new IllegalStateException("isal_deflate answers " + result);
      }
      out.writerIndex(
          out.writerIndex() + room.remaining() - stream.get(JAVA_INT, DEFLATE_AVAIL_OUT));
    } while (stream.get(JAVA_INT, DEFLATE_STATE) != ZSTATE_END);
  }

  @Override
  public String toString() {
    return "ISA-L";
  }
}
