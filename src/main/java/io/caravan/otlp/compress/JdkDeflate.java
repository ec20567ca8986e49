/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Deflate by {@code java.util.zip}, which is zlib: what there is everywhere. */
final class JdkDeflate implements RawDeflate {
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

  // The fastest level: on spans of 400 bytes it makes 4 % more bytes than 6 in half the time.
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

  @Override
  public void inflate(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    Inflater inflater = INFLATER.get();
    inflater.reset();
    inflater.setInput(source);
    try {
      while (!inflater.finished()) {
        int produced = inflater.inflate(out.room());
        out.produced(produced);
        if (produced == 0 && !inflater.finished()) {
          requireMore(inflater);
        }
      }
    } catch (DataFormatException e) {
      throw new CorruptDataException("broken deflate data: " + e.getMessage());
    }
  }

  private static void requireMore(Inflater inflater) throws CorruptDataException {
    if (inflater.needsDictionary()) {
      throw new CorruptDataException("it needs a dictionary");
    }
    if (inflater.needsInput()) {
      throw new CorruptDataException("the deflate data ends too early");
    }
  }

  @Override
  public void deflate(ByteBuffer source, ByteBuf out) {
    Deflater deflater = DEFLATER.get();
    deflater.reset();
    deflater.setInput(source);
    deflater.finish();
    while (!deflater.finished()) {
      ByteBuffer target = RawDeflate.room(out);
      out.writerIndex(out.writerIndex() + deflater.deflate(target));
    }
  }

  @Override
  public String toString() {
    return "java.util.zip";
  }
}
