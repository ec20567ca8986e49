/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.Reply;

/**
 * Answers one request. Exactly one call, from any thread, at any time after the request was handed
 * over; where the sender has gone in the meantime it has no effect.
 */
@FunctionalInterface
public interface Answer {

  void reply(Reply reply);
}
