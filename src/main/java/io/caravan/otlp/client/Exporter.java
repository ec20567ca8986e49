/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Outcome;
import java.util.function.Consumer;

/**
 * Sends batches to one backend, each once: it never retries, waits for better times or splits.
 *
 * <p>Safe for use by any thread. On an event loop of {@link io.caravan.otlp.net.EventLoops} the
 * batch leaves on that loop's own connection, without a hand-off.
 */
public interface Exporter extends AutoCloseable {

  /**
   * Sends one batch.
   *
   * @param batch borrowed for this call; what the exporter needs longer, it retains
   * @param done gets the outcome exactly once, on an event loop, which it must not block, and
   *     possibly before this method returns
   */
  void export(OtlpBatch batch, Consumer<Outcome> done);

  /** Closes all connections; what is in flight ends with {@link Outcome.RetryLater}. */
  @Override
  void close();
}
