/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.journal.StoredRecord;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import java.util.BitSet;

/** Makes a batch of what stands in the journal. */
final class StoredBatch {
  private StoredBatch() {}

  /**
   * What the pipeline took of a record. Takes over its payload, also when it throws; the caller
   * releases the result.
   */
  static OtlpBatch of(Signal signal, StoredRecord record) throws MalformedOtlpException {
    OtlpBatch whole = OtlpBatch.of(signal, record.payload());
    if (record.resources().length == 0) {
      return whole;
    }
    try {
      BitSet taken = BitSet.valueOf(record.resources());
      return whole.select(taken::get);
    } finally {
      whole.release();
    }
  }
}
