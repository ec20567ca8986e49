/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.caravan.otlp.Signal;
import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.compress.ContentTooLargeException;
import io.caravan.otlp.compress.CorruptDataException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Measures the compressions alone, on one thread, with the load benchmark's own requests: megabytes
 * of content for each second of the processor, and the ratio. zlib's levels are there to compare.
 */
final class CodecBenchmark {
  private static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;
  private static final int RECORDS = 512;
  private static final int LIMIT = 64 << 20;

  /** Content that passes before anything is measured, and in each measurement. */
  private static final long WARM_UP_BYTES = 300_000_000;

  private static final long MEASURED_BYTES = 400_000_000;

  private interface Coder {
    ByteBuf apply(ByteBuf in) throws CorruptDataException, ContentTooLargeException;
  }

  private CodecBenchmark() {}

  public static void main(String[] args) throws Exception {
    for (Signal signal : Signal.values()) {
      List<ByteBuf> bodies =
          SampleBodies.of(signal, RECORDS).stream()
              .map(body -> ALLOCATOR.directBuffer(body.length).writeBytes(body))
              .toList();
      System.out.printf(
          Locale.ROOT,
          "%n%s, %d a request%n%-20s %10s %12s %7s%n",
          signal.lowerName(),
          RECORDS,
          "",
          "compress",
          "decompress",
          "ratio");
      for (int level : new int[] {1, 3, 6}) {
        Deflater deflater = new Deflater(level, true);
        Inflater inflater = new Inflater(true);
        measure(
            "zlib, level " + level,
            bodies,
            in -> deflate(deflater, in),
            in -> inflate(inflater, in));
      }
      for (Compression compression :
          List.of(
              Compression.GZIP, Compression.ZSTD, Compression.SNAPPY, Compression.SNAPPY_FRAMED)) {
        measure(
            compression.name().toLowerCase(Locale.ROOT),
            bodies,
            in -> compression.compress(in, ALLOCATOR),
            in -> compression.decompress(in, LIMIT, ALLOCATOR));
      }
    }
  }

  private static void measure(String name, List<ByteBuf> bodies, Coder compress, Coder decompress)
      throws CorruptDataException, ContentTooLargeException {
    List<ByteBuf> compressed = new ArrayList<>();
    for (ByteBuf body : bodies) {
      compressed.add(compress.apply(body));
    }
    long content = bodies.stream().mapToLong(ByteBuf::readableBytes).sum();
    long small = compressed.stream().mapToLong(ByteBuf::readableBytes).sum();
    double in = megabytesPerSecond(bodies, content, compress);
    double out = megabytesPerSecond(compressed, content, decompress);
    compressed.forEach(ByteBuf::release);
    System.out.printf(
        Locale.ROOT,
        "%-20s %5.0f MB/s %7.0f MB/s %7.2f%n",
        name,
        in,
        out,
        (double) content / small);
  }

  /** Of content, for each second that the processor worked. */
  private static double megabytesPerSecond(List<ByteBuf> inputs, long content, Coder coder)
      throws CorruptDataException, ContentTooLargeException {
    run(inputs, 1 + WARM_UP_BYTES / content, coder);
    long rounds = 1 + MEASURED_BYTES / content;
    long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    run(inputs, rounds, coder);
    long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    return rounds * content * 1e3 / nanos;
  }

  private static void run(List<ByteBuf> inputs, long rounds, Coder coder)
      throws CorruptDataException, ContentTooLargeException {
    for (long round = 0; round < rounds; round++) {
      for (ByteBuf input : inputs) {
        coder.apply(input).release();
      }
    }
  }

  private static ByteBuf deflate(Deflater deflater, ByteBuf in) {
    deflater.reset();
    deflater.setInput(in.nioBuffer());
    deflater.finish();
    ByteBuf out = ALLOCATOR.directBuffer(in.readableBytes() + 1024);
    ByteBuffer room = out.nioBuffer(0, out.writableBytes());
    return out.writerIndex(deflater.deflate(room));
  }

  private static ByteBuf inflate(Inflater inflater, ByteBuf in) {
    inflater.reset();
    inflater.setInput(in.nioBuffer());
    ByteBuf out = ALLOCATOR.directBuffer(1 << 20);
    try {
      return out.writerIndex(inflater.inflate(out.nioBuffer(0, out.writableBytes())));
    } catch (DataFormatException e) {
      throw new IllegalStateException(e);
    }
  }
}
