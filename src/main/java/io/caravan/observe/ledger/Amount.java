/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

/**
 * So many records, of so many bytes. A difference of two amounts may be negative.
 *
 * @param bytes as they were when the pipeline took them, whatever became of them since; or the
 *     bytes of both sides of the ledger would not compare
 */
public record Amount(long records, long bytes) {

  public static final Amount NONE = new Amount(0, 0);

  public Amount plus(Amount other) {
    return new Amount(records + other.records, bytes + other.bytes);
  }

  public Amount minus(Amount other) {
    return new Amount(records - other.records, bytes - other.bytes);
  }

  public boolean isNone() {
    return records == 0 && bytes == 0;
  }
}
