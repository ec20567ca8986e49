/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.journal.Receipt;
import io.caravan.otlp.OtlpBatch;

/**
 * A batch that was just written for a pipeline.
 *
 * @param receipt of what was written
 * @param batch what the pipeline takes of it; whoever has the arrival has a reference
 * @param sender the hash of the sender's resource
 * @param time when it was accepted, in milliseconds since 1970
 */
record Arrival(Receipt receipt, OtlpBatch batch, long sender, long time) {
  long position() {
    return receipt.position();
  }
}
