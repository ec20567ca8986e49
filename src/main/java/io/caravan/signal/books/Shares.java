/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.books;

import io.caravan.observe.ledger.Amount;

/** Which bytes of a batch count for a part of its records, so that the parts make up the whole. */
final class Shares {
  /** The backend took a request, and not these records of it. */
  static final String REJECTED = "rejected";

  private Shares() {}

  /**
   * So many records of the amount, or all if there are not as many, and their share of its bytes.
   */
  static Amount of(Amount whole, long records) {
    long some = Math.clamp(records, 0, whole.records());
    return some == whole.records() ? whole(whole) : new Amount(some, bytes(whole, some));
  }

  private static Amount whole(Amount whole) {
    return whole.records() == 0 ? Amount.NONE : whole;
  }

  private static long bytes(Amount whole, long records) {
    // No batch has so many bytes or records that their product comes near 2^63.
    return whole.bytes() * records / whole.records();
  }
}
