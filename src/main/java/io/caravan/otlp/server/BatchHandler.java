/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.SenderDeadline;

/** Takes the batches that an {@link OtlpServer} receives. */
@FunctionalInterface
public interface BatchHandler {

  /**
   * Called on the connection's event loop, which it must not block. The batch belongs to the
   * handler, which releases it once, before or after the answer.
   *
   * @param deadline until when the sender waits for the answer
   */
  void handle(OtlpBatch batch, SenderDeadline deadline, Answer answer);
}
