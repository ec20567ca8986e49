/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.caravan.otlp.compress.Compression;
import io.caravan.otlp.wire.WireReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.IllegalReferenceCountException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One OTLP export request: the protobuf bytes as they arrived, and an index of where each resource
 * begins.
 *
 * <p>Reference-counted: whoever keeps a batch beyond the call that handed it over retains it, and
 * releases it once. It counts for itself and holds one reference to its bytes, because a pooled
 * buffer object may be in use again for something else when a late reader asks for it. Immutable;
 * reading is safe from any thread that holds a reference, and throws {@link
 * IllegalReferenceCountException} after the last one has gone.
 */
public final class OtlpBatch extends AbstractReferenceCounted {
  /** Twice what was measured on batches of one record that wait for a connector that hangs. */
  private static final int OVERHEAD = 4 << 10;

  private final Signal signal;
  private final ByteBuf payload;
  private final BatchIndex index;

  /** What this batch holds of a budget; null where nobody counts. */
  private final @Nullable Lease lease;

  private final CompressedBytes compressed = new CompressedBytes();
  private final boolean onHeap;

  /** A batch of bytes that are indexed already. Takes over bytes and lease. */
  OtlpBatch(Signal signal, ByteBuf payload, BatchIndex index, @Nullable Lease lease) {
    this(signal, payload, index, lease, false);
  }

  private OtlpBatch(
      Signal signal, ByteBuf payload, BatchIndex index, @Nullable Lease lease, boolean onHeap) {
    this.signal = signal;
    this.payload = payload;
    this.index = index;
    this.lease = lease;
    this.onHeap = onHeap;
  }

  /**
   * Indexes a request whose memory nobody counts; otherwise as {@link #of(Signal, ByteBuf, Lease)}.
   */
  public static OtlpBatch of(Signal signal, ByteBuf payload) throws MalformedOtlpException {
    return indexed(signal, payload, null);
  }

  /**
   * Indexes a request. Takes ownership of {@code payload} also when it throws, and of {@code lease}
   * if it does not.
   *
   * @param lease what the request holds of a budget; let go of with the batch and all that share
   *     its bytes
   * @throws MalformedOtlpException if the bytes are not an {@code Export*ServiceRequest} of that
   *     signal, down to the boundaries of its records and the attributes of its resources; the
   *     inside of a record is not looked at
   */
  public static OtlpBatch of(Signal signal, ByteBuf payload, Lease lease)
      throws MalformedOtlpException {
    return indexed(signal, payload, lease);
  }

  private static OtlpBatch indexed(Signal signal, ByteBuf payload, @Nullable Lease lease)
      throws MalformedOtlpException {
    boolean indexed = false;
    try {
      BatchIndex index = BatchIndexer.index(signal, new WireReader(payload));
      ByteBuf bytes = payload.readerIndex() == 0 ? payload : payload.slice();
      indexed = true;
      return new OtlpBatch(signal, bytes, index, lease, false);
    } finally {
      if (!indexed) {
        payload.release();
      }
    }
  }

  /**
   * Indexes a request on the heap, which outlives every reference and need not be released.
   *
   * @throws MalformedOtlpException as {@link #of} does
   */
  public static OtlpBatch onHeap(Signal signal, byte[] request) throws MalformedOtlpException {
    ByteBuf payload = Unpooled.wrappedBuffer(request);
    return new OtlpBatch(
        signal, payload, BatchIndexer.index(signal, new WireReader(payload)), null, true);
  }

  /**
   * Keeps the form in which the request arrived, for exporters that send the same; {@code bytes}
   * stay the caller's. Of several only the first is kept.
   */
  public void arrivedAs(Compression compression, ByteBuf bytes) {
    compressed.keep(compression, bytes.retain());
  }

  /**
   * The request in a compression: as it arrived, if it arrived so and nothing was changed, and
   * otherwise compressed once for all exporters that want the same. The caller releases the result,
   * whose indices are its own.
   */
  public ByteBuf compressed(Compression compression) {
    return compressed.get(compression, payload());
  }

  public Signal signal() {
    return signal;
  }

  /** The size of the request in bytes, uncompressed. */
  public int size() {
    return payload().readableBytes();
  }

  /**
   * The bytes of memory that this batch holds, for those who bound what is in flight: the request,
   * its index, and what every batch costs on its way however small it is (buffers, exchange,
   * timer).
   */
  public long footprint() {
    return (long) size() + index.footprint() + OVERHEAD;
  }

  /** Spans, log records or data points. */
  public int records() {
    return index.records();
  }

  /** The number of ResourceSpans, ResourceMetrics or ResourceLogs. */
  public int resources() {
    return index.size();
  }

  /**
   * The same number for all batches of a sender: a checksum of the first resource; 0 where there is
   * not exactly one Resource message in it.
   */
  public long sender() {
    if (index.size() == 0 || index.resource(0) < 0) {
      return 0;
    }
    CRC32C sum = new CRC32C();
    int start = index.resource(0);
    for (ByteBuffer piece : payload().nioBuffers(start, index.resourceEnd(0) - start)) {
      sum.update(piece);
    }
    return sum.getValue();
  }

  /** Records below one resource, 0 ≤ {@code resource} &lt; {@link #resources()}. */
  public int records(int resource) {
    return index.records(resource);
  }

  /**
   * The value of a resource attribute if it is a string, as the last one wins; null where it is
   * absent or of another type.
   */
  public @Nullable String resourceAttribute(int resource, String key) {
    try {
      return StringAttribute.of(payload(), index, resource, key);
    } catch (MalformedOtlpException e) {
      throw changed(e);
    }
  }

  private static IllegalStateException changed(MalformedOtlpException e) {
    return new IllegalStateException("the bytes of a batch were changed", e);
  }

  /**
   * A batch of the resources that {@code keep} takes, which shares these bytes: this batch itself,
   * retained, if all are taken. Fields of the request that we do not know stay. {@code keep} is
   * asked once for each resource, in order. The caller releases the result.
   */
  public OtlpBatch select(IntPredicate keep) {
    ByteBuf bytes = payload();
    boolean[] kept = new boolean[index.size()];
    int count = index.count(keep, kept);
    if (count == kept.length) {
      return retain();
    }
    return derived(Splice.ofEntries(bytes, index, kept), index.without(kept, count));
  }

  /**
   * One request of several of the same signal, in their order: the first itself, retained, if it is
   * the only one. It shares their bytes, or copies many small ones. The caller keeps its references
   * to them, and releases the result.
   *
   * @param batches at least one
   * @throws IllegalArgumentException if they are of several signals, or of over 2 GiB
   */
  public static OtlpBatch concat(List<OtlpBatch> batches) {
    return Concatenation.of(batches);
  }

  /**
   * Two batches of about half the bytes, in order, or this batch itself, retained, if it holds
   * nothing that can be divided. It is cut between two resources, else between two scopes, else
   * between two records, or between two data points of a single metric; whatever is not a record
   * stands in each half, as far as the half has records of it. Both share these bytes. The caller
   * releases the results.
   */
  public List<OtlpBatch> halves() {
    try {
      return Halving.halves(this);
    } catch (MalformedOtlpException e) {
      throw changed(e);
    }
  }

  /**
   * Batches of at most so many records and bytes each, in order, divided as {@link #halves} does
   * until they fit; one that cannot be divided stays larger. The caller releases the results.
   */
  public List<OtlpBatch> split(int maxRecords, int maxBytes) {
    try {
      return Halving.split(this, maxRecords, maxBytes);
    } catch (MalformedOtlpException e) {
      throw changed(e);
    }
  }

  /** A batch of these bytes and their index. */
  OtlpBatch derived(Splice splice, BatchIndex spliced) {
    Spliced result = spliced(splice);
    return new OtlpBatch(signal, result.bytes(), spliced, result.lease());
  }

  /** A batch of these bytes, which are indexed anew. */
  OtlpBatch derived(Splice splice) throws MalformedOtlpException {
    Spliced result = spliced(splice);
    return indexed(signal, result.bytes(), result.lease());
  }

  private record Spliced(ByteBuf bytes, @Nullable Lease lease) {}

  /** The bytes, in memory of their own where that is cheaper and there is room for it. */
  private Spliced spliced(Splice splice) {
    if (splice.worthCopying()) {
      Lease own = newLease();
      if (own == null || own.tryResize(splice.size())) {
        return new Spliced(splice.copy(), own);
      }
    }
    return new Spliced(splice.share(), shareLease());
  }

  /**
   * A batch whose resources have the attributes that {@code enrichment} says, where they had none
   * of that key; this batch itself, retained, if nothing is added. It shares these bytes as far as
   * they are the same. Resources without records are left alone. {@code enrichment} is asked once
   * for each other resource, in order. The caller releases the result.
   *
   * @param maxSize the most bytes that the result may have
   * @throws OtlpStatusException RESOURCE_EXHAUSTED, if the result would be larger
   */
  public OtlpBatch enrich(ResourceEnrichment enrichment, int maxSize) throws OtlpStatusException {
    try {
      return Enricher.enrich(this, enrichment, maxSize);
    } catch (MalformedOtlpException e) {
      throw changed(e);
    }
  }

  /**
   * A hold on what this batch occupies of a budget, for whoever goes on occupying it after the
   * batch is gone; null if nobody counts it.
   */
  public @Nullable Lease shareLease() {
    return lease == null ? null : lease.retain();
  }

  /** A lease of nothing yet, of the budget that this batch is counted by; null if it is of none. */
  @Nullable Lease newLease() {
    return lease == null ? null : lease.another();
  }

  BatchIndex index() {
    return index;
  }

  /** Whether the bytes outlive every reference. */
  boolean isOnHeap() {
    return onHeap;
  }

  /** The same on memory of the heap, which outlives every reference and need not be released. */
  OtlpBatch onHeap() {
    ByteBuf bytes = payload();
    return new OtlpBatch(
        signal,
        onHeap ? bytes : Unpooled.wrappedBuffer(ByteBufUtil.getBytes(bytes)),
        index,
        null,
        true);
  }

  /**
   * The bytes, borrowed: valid while the caller holds a reference to the batch; reader index and
   * content are not to be changed (duplicate or slice it).
   */
  public ByteBuf payload() {
    if (refCnt() <= 0) {
      throw new IllegalReferenceCountException(0);
    }
    return payload;
  }

  /**
   * One reference more.
   *
   * @throws IllegalReferenceCountException if the last one has gone already: nothing freed is ever
   *     read
   */
  @Override
  public OtlpBatch retain() {
    super.retain();
    return this;
  }

  @Override
  public OtlpBatch touch(Object hint) {
    payload.touch(hint);
    return this;
  }

  @Override
  protected void deallocate() {
    // Bytes on the heap may be shared by several batches, and are the garbage collector's to free.
    if (!onHeap) {
      payload.release();
    }
    compressed.release();
    if (lease != null) {
      lease.release();
    }
  }
}
