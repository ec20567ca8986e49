/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.OtlpBatch;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;

/**
 * Releases the batch that an exchange owns when the exchange ends. A route that hands its exchange
 * on ({@code seda:}) hands this on with it.
 */
record BatchRelease(OtlpBatch batch) implements Synchronization {
  @Override
  public void onComplete(Exchange exchange) {
    batch.release();
  }

  @Override
  public void onFailure(Exchange exchange) {
    batch.release();
  }
}
