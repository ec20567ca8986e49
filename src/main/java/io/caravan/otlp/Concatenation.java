/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request of several of the same signal: protobuf reads the bytes of two messages one after the
 * other as the message that has the repeated fields of both.
 *
 * <p>The memory of the requests is shared, unless they are so many and so small that a copy costs
 * less, and there is room for it. Nothing is read again: the indices are joined.
 */
final class Concatenation {
  /** Below so many pieces, or above so many bytes a piece, sharing is cheaper: {@link Splice}. */
  private static final int MAX_PIECES = 32;

  private static final int SMALL_PIECE = 2 << 10;

  private Concatenation() {}

  static OtlpBatch of(List<OtlpBatch> batches) {
    OtlpBatch first = batches.getFirst();
    if (batches.size() == 1) {
      return first.retain();
    }
    Signal signal = first.signal();
    BatchIndex index = new BatchIndex();
    long size = 0;
    for (OtlpBatch batch : batches) {
      if (batch.signal() != signal) {
        throw new IllegalArgumentException(
            "requests of %s and of %s cannot be one"
                .formatted(signal.lowerName(), batch.signal().lowerName()));
      }
      index.addAllMoved(batch.index(), (int) size);
      size += batch.size();
      if (size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("requests of over 2 GiB cannot be one");
      }
    }
    if (batches.size() > MAX_PIECES && size < (long) SMALL_PIECE * batches.size()) {
      Lease own = first.newLease();
      if (own == null || own.tryResize(size)) {
        return new OtlpBatch(signal, copy(batches, (int) size), index, own);
      }
    }
    return new OtlpBatch(signal, share(batches), index, lease(batches));
  }

  private static ByteBuf copy(List<OtlpBatch> batches, int size) {
    ByteBuf whole = batches.getFirst().payload().alloc().directBuffer(size);
    for (OtlpBatch batch : batches) {
      ByteBuf bytes = batch.payload();
      whole.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    }
    return whole;
  }

  private static ByteBuf share(List<OtlpBatch> batches) {
    CompositeByteBuf whole =
        batches.getFirst().payload().alloc().compositeDirectBuffer(Integer.MAX_VALUE);
    for (OtlpBatch batch : batches) {
      // The pieces of a composite one by one: a composite of composites is slow to read.
      whole.addFlattenedComponents(true, batch.payload().retain());
    }
    return whole;
  }

  /** A hold on what each of them occupies of a budget. */
  private static @Nullable Lease lease(List<OtlpBatch> batches) {
    List<Lease> held = new ArrayList<>();
    batches.stream().map(OtlpBatch::shareLease).filter(Objects::nonNull).forEach(held::add);
    return held.isEmpty() ? null : Lease.ofAll(held);
  }
}
