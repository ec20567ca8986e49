/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.util.concurrent.atomic.LongAdder;

/** A running total. Thread-safe. */
final class Tally {
  private final LongAdder records = new LongAdder();
  private final LongAdder bytes = new LongAdder();

  void add(Amount amount) {
    records.add(amount.records());
    bytes.add(amount.bytes());
  }

  void subtract(Amount amount) {
    records.add(-amount.records());
    bytes.add(-amount.bytes());
  }

  Amount sum() {
    return new Amount(records.sum(), bytes.sum());
  }

  long records() {
    return records.sum();
  }

  long bytes() {
    return bytes.sum();
  }
}
