/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.Signal;
import io.caravan.otlp.Telemetry;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One export from a test's thread, and its outcome. */
final class Exports {
  private Exports() {}

  static Outcome spans(Exporter exporter, int count) throws Exception {
    return start(exporter, count).get(10, TimeUnit.SECONDS);
  }

  static CompletableFuture<Outcome> start(Exporter exporter, int count)
      throws MalformedOtlpException {
    byte[] request = Telemetry.spans(count).toByteArray();
    OtlpBatch batch =
        OtlpBatch.of(
            Signal.TRACES,
            PooledByteBufAllocator.DEFAULT.directBuffer(request.length).writeBytes(request));
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    try {
      exporter.export(batch, outcome::complete);
    } finally {
      batch.release();
    }
    return outcome;
  }
}
