/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a request is compressed. {@link CompressionNames} has the words for it.
 *
 * <p>Safe for use by any thread. Contexts of the libraries are kept for each thread that uses one:
 * setting one up costs more than a small batch.
 */
public enum Compression {
  NONE(Support.BOTH_WAYS),
  /** RFC 1952, of any number of members. */
  GZIP(Support.BOTH_WAYS),
  /** RFC 8878, of any number of frames; windows up to 8 MiB (RFC 9659). */
  ZSTD(Support.BOTH_WAYS),
  /** One block of Snappy. What is framed is read as well: Collectors once called it the same. */
  SNAPPY(Support.BOTH_WAYS),
  /** Snappy in frames with checksums. */
  SNAPPY_FRAMED(Support.BOTH_WAYS),
  /** LZ4 in its frame format. */
  LZ4(Support.IN),
  /** RFC 1950 (zlib), as HTTP means by deflate; RFC 1951 without the wrapper is read as well. */
  DEFLATE(Support.IN);

  private enum Support {
    IN,
    BOTH_WAYS
  }

  private static final Logger LOG = LoggerFactory.getLogger(Compression.class);

  /** By then a process is ready, with hundreds of pipelines nearly so. */
  private static final Duration STARTED = Duration.ofSeconds(3);

  private final Support support;

  Compression(Support support) {
    this.support = support;
  }

  /** Whether this process can use it: Zstandard is a native library, which may not load here. */
  public boolean available() {
    return this != ZSTD || Zstd.available();
  }

  /** Whether requests can be sent with it, and not only taken. */
  public boolean canCompress() {
    return support == Support.BOTH_WAYS && available();
  }

  /**
   * The content of {@code in}, which stays the caller's; the caller releases the result. Uses no
   * more memory than the limit and what the format's window takes.
   *
   * @param limit the most bytes to produce, at least 0
   * @throws CorruptDataException if {@code in} does not follow the format, or goes on behind its
   *     end
   * @throws ContentTooLargeException if the content is larger than {@code limit}
   * @throws IllegalStateException if this compression is not available
   */
  public ByteBuf decompress(ByteBuf in, int limit, ByteBufAllocator allocator)
      throws CorruptDataException, ContentTooLargeException {
    if (this == NONE) {
      if (in.readableBytes() > limit) {
        throw new ContentTooLargeException(limit);
      }
      return in.retainedSlice();
    }
    try (DirectInput input = DirectInput.of(in, allocator);
        BoundedOutput out = new BoundedOutput(allocator, limit)) {
      codec().decompress(input.bytes(), out);
      return out.take();
    }
  }

  /**
   * Compresses {@code in}, which stays the caller's; the caller releases the result.
   *
   * @throws IllegalStateException if it {@linkplain #canCompress() cannot}
   */
  public ByteBuf compress(ByteBuf in, ByteBufAllocator allocator) {
    if (this == NONE) {
      return in.retainedSlice();
    }
    if (!canCompress()) {
      throw new IllegalStateException(this + " is only read, or its library is not there");
    }
    try (DirectInput input = DirectInput.of(in, allocator)) {
      return codec().compress(input.bytes(), allocator);
    }
  }

  /**
   * Loads the libraries on a thread of its own, when the process has had the time to start: they
   * take a third of a second of CPU. Until then gzip is done in Java; who needs Zstandard earlier
   * loads that library itself.
   */
  public static void loadSoon() {
    DeflateChoice.loadLater();
    Thread.ofPlatform()
        .daemon()
        .name("otlp-compression")
        .start(
            () -> {
              try {
                Thread.sleep(STARTED);
              } catch (InterruptedException e) {
                // Nobody is known to interrupt it; then they are loaded now.
                Thread.currentThread().interrupt();
              }
              load();
            });
  }

  /** Loads the libraries now. */
  public static void load() {
    LOG.debug(
        "event=compression_ready deflate=\"{}\" zstd={}", DeflateChoice.load(), ZSTD.available());
  }

  private Codec codec() {
    return switch (this) {
      case NONE -> throw new IllegalStateException("nothing to do");
      case GZIP -> new Gzip(DeflateChoice.current());
      case ZSTD -> Zstd.CODEC;
      case SNAPPY -> SnappyBlock.CODEC;
      case SNAPPY_FRAMED -> SnappyFrames.CODEC;
      case LZ4 -> Lz4Frames.CODEC;
      case DEFLATE -> Zlib.CODEC;
    };
  }
}
