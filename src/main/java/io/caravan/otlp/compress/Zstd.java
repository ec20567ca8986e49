/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import com.github.luben.zstd.util.Native;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Zstandard (RFC 8878) by libzstd.
 *
 * <p>Every request is decompressed in one step into a buffer for all of its content, which serves
 * as the window: no window is ever allocated, so that its size need not be bounded.
 */
final class Zstd implements Codec {
  static final Zstd CODEC = new Zstd();

  /** The fastest level with entropy coding: on spans as small as 3, at three times the speed. */
  private static final int LEVEL = 1;

  private static final FastThreadLocal<ZstdDecompressCtx> DECOMPRESS =
      new FastThreadLocal<>() {
        @Override
        protected ZstdDecompressCtx initialValue() {
          return new ZstdDecompressCtx();
        }

        @Override
        protected void onRemoval(ZstdDecompressCtx context) {
          context.close();
        }
      };

  private static final FastThreadLocal<ZstdCompressCtx> COMPRESS =
      new FastThreadLocal<>() {
        @Override
        protected ZstdCompressCtx initialValue() {
          return new ZstdCompressCtx().setLevel(LEVEL);
        }

        @Override
        protected void onRemoval(ZstdCompressCtx context) {
          context.close();
        }
      };

  /** Loads the library when somebody first asks for it. */
  private static final class Library {
    private static final Logger LOG = LoggerFactory.getLogger(Zstd.class);
    static final boolean LOADED = load();

    private static boolean load() {
      try {
        Native.load();
        return Native.isLoaded();
      } catch (LinkageError | RuntimeException e) {
        LOG.warn(
            "event=zstd_unavailable cause=\"{}\" consequence=\"requests compressed with zstd are"
                + " refused\" remedy=\"a folder for temporary files that is writable and not noexec\"",
            e.getMessage());
        return false;
      }
    }
  }

  private Zstd() {}

  static boolean available() {
    return Library.LOADED;
  }

  @Override
  public void decompress(ByteBuffer source, BoundedOutput out)
      throws CorruptDataException, ContentTooLargeException {
    requireAvailable();
    long bound = ZstdFrames.contentBound(source);
    out.expect(bound);
    // A block of less than 128 KiB says its size only when it is decoded: hence the limit again.
    int room = (int) Math.min(bound, out.left());
    ByteBuffer target = out.room(room);
    int produced;
    try {
      produced =
          DECOMPRESS
              .get()
              .decompressDirectByteBuffer(
                  target, 0, room, source, source.position(), source.remaining());
    } catch (ZstdException e) {
      if (e.getErrorCode() == com.github.luben.zstd.Zstd.errDstSizeTooSmall() && room < bound) {
        throw out.tooLarge();
      }
      throw new CorruptDataException("broken zstd data: " + e.getMessage());
    }
    out.produced(produced);
  }

  @Override
  public ByteBuf compress(ByteBuffer source, ByteBufAllocator allocator) {
    requireAvailable();
    int size = source.remaining();
    ByteBuf out = allocator.directBuffer((int) com.github.luben.zstd.Zstd.compressBound(size));
    ByteBuffer target = out.nioBuffer(0, out.writableBytes());
    int length =
        COMPRESS
            .get()
            .compressDirectByteBuffer(
                target, 0, target.remaining(), source, source.position(), size);
    return out.writerIndex(length).capacity(length);
  }

  private static void requireAvailable() {
    if (!available()) {
      throw new IllegalStateException("the native library of zstd could not be loaded");
    }
  }
}
