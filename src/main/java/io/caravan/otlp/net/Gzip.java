/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Gzip (RFC 1952) between direct buffers, without a copy to the heap.
 *
 * <p>The inflater and the deflater of a thread are kept: setting one up costs more than a small
 * batch. Safe for use by any thread.
 */
public final class Gzip {
  private static final int HEADER = 10;
  private static final int TRAILER = 8;
  private static final int MAGIC = 0x1f8b;
  private static final int FHCRC = 2;
  private static final int FEXTRA = 4;
  private static final int FNAME = 8;
  private static final int FCOMMENT = 16;

  /** What a batch of telemetry inflates to at least, as a first guess of the buffer. */
  private static final int LIKELY_RATIO = 8;

  private static final FastThreadLocal<Inflater> INFLATER =
      new FastThreadLocal<>() {
        @Override
        protected Inflater initialValue() {
          return new Inflater(true);
        }

        @Override
        protected void onRemoval(Inflater inflater) {
          inflater.end();
        }
      };

  // The fastest level: on spans of 400 bytes it makes 10 % more bytes for a third of the time.
  private static final FastThreadLocal<Deflater> DEFLATER =
      new FastThreadLocal<>() {
        @Override
        protected Deflater initialValue() {
          return new Deflater(Deflater.BEST_SPEED, true);
        }

        @Override
        protected void onRemoval(Deflater deflater) {
          deflater.end();
        }
      };

  private Gzip() {}

  /** Bytes that are not gzip, or whose checksum is wrong. */
  public static final class NotGzipException extends Exception {
    private static final long serialVersionUID = 1L;

    NotGzipException(String message) {
      super(message, null, false, false);
    }
  }

  /** The content is larger than the limit; it was not inflated further. */
  public static final class TooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    TooLargeException(int limit) {
      super("inflates to more than " + limit + " bytes", null, false, false);
    }
  }

  /**
   * Inflates all members of {@code in}, which stays the caller's; the caller releases the result.
   *
   * @param limit the most bytes to produce; the buffer never grows beyond
   */
  public static ByteBuf inflate(ByteBuf in, int limit, ByteBufAllocator allocator)
      throws NotGzipException, TooLargeException {
    ByteBuffer source = in.nioBuffer();
    if (!source.hasRemaining()) {
      throw new NotGzipException("no bytes at all, not even a header");
    }
    // One byte more than allowed tells content of exactly the limit from content beyond it.
    int bound = Math.addExact(limit, 1);
    long guess = Math.min(bound, Math.max(256L, (long) source.remaining() * LIKELY_RATIO));
    ByteBuf out = allocator.directBuffer((int) guess, bound);
    boolean complete = false;
    try {
      while (source.hasRemaining()) {
        inflateMember(source, out, limit);
      }
      complete = true;
      return out;
    } finally {
      if (!complete) {
        out.release();
      }
    }
  }

  private static void inflateMember(ByteBuffer source, ByteBuf out, int limit)
      throws NotGzipException, TooLargeException {
    skipHeader(source);
    Inflater inflater = INFLATER.get();
    inflater.reset();
    inflater.setInput(source);
    CRC32 crc = new CRC32();
    long size = 0;
    try {
      while (!inflater.finished()) {
        ByteBuffer target = room(out);
        int start = target.position();
        int produced = inflater.inflate(target);
        crc.update(target.flip().position(start));
        out.writerIndex(out.writerIndex() + produced);
        size += produced;
        if (out.writerIndex() > limit) {
          throw new TooLargeException(limit);
        }
        if (produced == 0 && !inflater.finished()) {
          requireMore(inflater);
        }
      }
    } catch (DataFormatException e) {
      throw new NotGzipException("broken deflate data: " + e.getMessage());
    }
    readTrailer(source, crc, size);
  }

  private static void requireMore(Inflater inflater) throws NotGzipException {
    if (inflater.needsDictionary()) {
      throw new NotGzipException("a preset dictionary, which gzip does not have");
    }
    if (inflater.needsInput()) {
      throw new NotGzipException("the data ends before the stream does");
    }
  }

  private static ByteBuffer room(ByteBuf out) {
    if (!out.isWritable() && out.capacity() < out.maxCapacity()) {
      out.capacity((int) Math.min(out.maxCapacity(), out.capacity() * 2L));
    }
    return out.nioBuffer(out.writerIndex(), out.writableBytes());
  }

  private static void skipHeader(ByteBuffer in) throws NotGzipException {
    if (in.remaining() < HEADER + TRAILER || in.getShort() != (short) MAGIC || in.get() != 8) {
      throw new NotGzipException("no gzip header");
    }
    int flags = in.get();
    in.position(in.position() + 6);
    if ((flags & FEXTRA) != 0) {
      int length = (require(in, 2).get() & 0xff) | ((in.get() & 0xff) << 8);
      require(in, length).position(in.position() + length);
    }
    if ((flags & FNAME) != 0) {
      skipText(in);
    }
    if ((flags & FCOMMENT) != 0) {
      skipText(in);
    }
    if ((flags & FHCRC) != 0) {
      require(in, 2).position(in.position() + 2);
    }
  }

  private static void skipText(ByteBuffer in) throws NotGzipException {
    while (require(in, 1).get() != 0) {
      // up to and including the zero byte
    }
  }

  private static ByteBuffer require(ByteBuffer in, int bytes) throws NotGzipException {
    if (in.remaining() < bytes) {
      throw new NotGzipException("the header ends too early");
    }
    return in;
  }

  private static void readTrailer(ByteBuffer in, CRC32 crc, long size) throws NotGzipException {
    if (in.remaining() < TRAILER) {
      throw new NotGzipException("no trailer");
    }
    if (Integer.reverseBytes(in.getInt()) != (int) crc.getValue()) {
      throw new NotGzipException("the checksum does not match");
    }
    if (Integer.reverseBytes(in.getInt()) != (int) size) {
      throw new NotGzipException("the length does not match");
    }
  }

  /** Compresses {@code in}, which stays the caller's; the caller releases the result. */
  public static ByteBuf deflate(ByteBuf in, ByteBufAllocator allocator) {
    ByteBuffer source = in.nioBuffer();
    ByteBuf out = allocator.directBuffer(Math.max(256, source.remaining() / 4));
    CRC32 crc = new CRC32();
    crc.update(source.duplicate());
    int size = source.remaining();
    out.writeShort(MAGIC).writeByte(8).writeZero(6).writeByte(0xff);
    Deflater deflater = DEFLATER.get();
    deflater.reset();
    deflater.setInput(source);
    deflater.finish();
    while (!deflater.finished()) {
      out.ensureWritable(Math.max(1024, out.capacity() / 4));
      ByteBuffer target = out.nioBuffer(out.writerIndex(), out.writableBytes());
      out.writerIndex(out.writerIndex() + deflater.deflate(target));
    }
    return out.writeIntLE((int) crc.getValue()).writeIntLE(size);
  }
}
