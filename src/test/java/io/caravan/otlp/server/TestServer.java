/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.MemoryBudget;

/** Servers of tests to which memory and the counting of refusals do not matter. */
public final class TestServer {
  private TestServer() {}

  /** Starts one with memory for two of the largest requests. */
  public static OtlpServer start(ServerSettings settings, BatchHandler handler)
      throws BindFailedException {
    return OtlpServer.start(
        settings, new MemoryBudget(2L * settings.maxRequestSize()), handler, Refusals.UNCOUNTED);
  }
}
