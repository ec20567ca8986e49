/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

/**
 * The body of an exchange that carries OTLP: a read-only view of a batch that the exchange owns.
 *
 * <p>Caravan's components take the batch; every other component gets the bytes by type conversion,
 * which copies to the heap: {@code byte[]} and {@code InputStream} are the protobuf message, {@code
 * String} is OTLP/JSON.
 */
public final class OtlpBody {
  private final OtlpBatch batch;

  public OtlpBody(OtlpBatch batch) {
    this.batch = batch;
  }

  /** The batch, borrowed: retain what outlives the exchange. */
  public OtlpBatch batch() {
    return batch;
  }
}
