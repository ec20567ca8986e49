/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.compress.Compression;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a batch in one compression, as they arrived or as the first exporter made them.
 * Thread-safe as far as the batch is: whoever asks holds a reference to it.
 */
final class CompressedBytes {
  private record Form(Compression compression, ByteBuf bytes) {}

  private final AtomicReference<@Nullable Form> form = new AtomicReference<>();

  /** Keeps a form, whose reference it takes over; of several only the first. */
  void keep(Compression compression, ByteBuf bytes) {
    if (!form.compareAndSet(null, new Form(compression, bytes))) {
      bytes.release();
    }
  }

  /** The bytes in a compression; the caller releases the result, whose indices are its own. */
  ByteBuf get(Compression compression, ByteBuf uncompressed) {
    if (compression == Compression.NONE) {
      return uncompressed.retainedSlice();
    }
    Form kept = form.get();
    if (kept != null && kept.compression() == compression) {
      return kept.bytes().retainedSlice();
    }
    ByteBuf result = compression.compress(uncompressed, uncompressed.alloc());
    if (kept == null) {
      keep(compression, result.retainedSlice());
    }
    return result;
  }

  /** With the batch's last reference. */
  void release() {
    Form kept = form.get();
    if (kept != null) {
      kept.bytes().release();
    }
  }
}
