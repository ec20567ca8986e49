/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.time.Instant;

/**
 * That a pipeline does not deliver at the moment: its last batch failed.
 *
 * @param since when the first batch failed after the last one that was delivered
 * @param code the status of the last failure, as gRPC names it
 * @param message the last failure, for the operator: it may name addresses
 */
public record DeliveryFailure(Instant since, String code, String message) {

  /** This failure, told together with the one that may have led to it. */
  public DeliveryFailure beside(DeliveryFailure other) {
    return new DeliveryFailure(
        other.since.isBefore(since) ? other.since : since,
        code,
        "%s. It waits for its backend: %s: %s".formatted(message, other.code, other.message));
  }
}
