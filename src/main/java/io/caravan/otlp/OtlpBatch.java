/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import io.netty.buffer.ByteBuf;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One OTLP export request: the protobuf bytes as they arrived, and an index of where each resource
 * begins.
 *
 * <p>Reference-counted like the buffer that it owns: whoever keeps a batch beyond the call that
 * handed it over retains it, and releases it once. Immutable; reading is safe from any thread that
 * holds a reference.
 */
public final class OtlpBatch {

  /**
   * Indexes a request. Takes ownership of {@code payload} also when it throws.
   *
   * @throws MalformedOtlpException if the bytes are not an {@code Export*ServiceRequest} of that
   *     signal
   */
  public static OtlpBatch of(Signal signal, ByteBuf payload) throws MalformedOtlpException {
    throw new UnsupportedOperationException();
  }

  public Signal signal() {
    throw new UnsupportedOperationException();
  }

  /** The size of the request in bytes, uncompressed. */
  public int size() {
    throw new UnsupportedOperationException();
  }

  /** Spans, log records or data points. */
  public int records() {
    throw new UnsupportedOperationException();
  }

  /** The number of ResourceSpans, ResourceMetrics or ResourceLogs. */
  public int resources() {
    throw new UnsupportedOperationException();
  }

  /** Records below one resource, 0 ≤ {@code resource} &lt; {@link #resources()}. */
  public int records(int resource) {
    throw new UnsupportedOperationException();
  }

  /**
   * The value of a resource attribute if it is a string, as the last one wins; null where it is
   * absent or of another type.
   */
  public @Nullable String resourceAttribute(int resource, String key) {
    throw new UnsupportedOperationException();
  }

  /**
   * A batch of the resources that {@code keep} takes, which shares these bytes: this batch itself,
   * retained, if all are taken. The caller releases the result.
   */
  public OtlpBatch select(IntPredicate keep) {
    throw new UnsupportedOperationException();
  }

  /**
   * The bytes, borrowed: valid while the caller holds a reference to the batch; reader index and
   * content are not to be changed (duplicate or slice it).
   */
  public ByteBuf payload() {
    throw new UnsupportedOperationException();
  }

  /**
   * One reference more.
   *
   * @throws io.netty.util.IllegalReferenceCountException if the last one has gone already: nothing
   *     freed is ever read
   */
  public OtlpBatch retain() {
    throw new UnsupportedOperationException();
  }

  public void release() {
    throw new UnsupportedOperationException();
  }
}
