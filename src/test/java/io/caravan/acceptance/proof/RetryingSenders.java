/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Senders of numbered spans over OTLP/gRPC, which send from the start until they are told to end,
 * whatever becomes of the server on the port. Thread-safe.
 */
final class RetryingSenders implements AutoCloseable {
  private final SendersLog log = new SendersLog();
  private final List<Thread> threads;

  RetryingSenders(int port, Load load) {
    threads =
        IntStream.range(0, load.streams())
            .mapToObj(sender -> new RetryingStream(sender, port, load, log))
            .map(stream -> Thread.ofVirtual().start(stream))
            .toList();
  }

  SendersLog log() {
    return log;
  }

  /**
   * Has each end with the attempt it is at; a request that was to be sent again is given up, and
   * was never acknowledged.
   */
  void finish() {
    log.end();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    finish();
  }
}
