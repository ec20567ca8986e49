/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.OtlpStatus;

/**
 * Answers one request. Exactly one call, from any thread, at any time after the request was handed
 * over; where the sender has gone in the meantime it has no effect.
 */
public interface Answer {

  /** The whole batch was taken ({@code partial_success} stays unset). */
  void succeed();

  /** The batch was not taken. */
  void fail(OtlpStatus status);
}
