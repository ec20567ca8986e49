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

  /** A batch of so many bytes, most of them a field that nobody knows. */
  static Outcome ofSize(Exporter exporter, int bytes) throws Exception {
    byte[] request = new byte[bytes];
    int content = bytes - 7;
    request[0] = (byte) 0xfa; // field 127, length-delimited
    request[1] = 0x07;
    for (int i = 0; i < 5; i++) {
      request[2 + i] = (byte) (((content >>> (7 * i)) & 0x7f) | (i < 4 ? 0x80 : 0));
    }
    OtlpBatch batch = OtlpBatch.onHeap(Signal.TRACES, request);
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    exporter.export(batch, outcome::complete);
    batch.release();
    return outcome.get(10, TimeUnit.SECONDS);
  }
}
