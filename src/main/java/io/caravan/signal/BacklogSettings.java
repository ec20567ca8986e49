/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.Delivery;
import io.caravan.api.Delivery.Acknowledge;
import io.caravan.delivery.DeliverySettings;
import io.caravan.otlp.MemoryBudget;
import java.time.Duration;

/**
 * How the deliverers of backlogs are set: each as its pipeline asks, within its share of the
 * memory. Thread-safe.
 */
final class BacklogSettings {
  /** Nobody waits for it, so it may be longer than where a sender does. */
  static final Duration ATTEMPT = Duration.ofSeconds(30);

  private static final long LEAST_BYTES = 1 << 20;

  private final MemoryBudget memory;
  private final Duration attempt;

  /**
   * @param memory of the node, for what is on its way
   * @param attempt how long an attempt may take while a sender waits for it
   */
  BacklogSettings(MemoryBudget memory, Duration attempt) {
    this.memory = memory;
    this.attempt = attempt;
  }

  /** Those of one of so many pipelines. */
  DeliverySettings of(Delivery delivery, int pipelines) {
    long share = share(pipelines);
    return DeliverySettings.of(delivery)
        .within(
            delivery.acknowledge() == Acknowledge.DELIVERED ? attempt : ATTEMPT,
            share,
            Math.max(1, share / 2));
  }

  /**
   * What a pipeline may hold in memory: together half of what may be in flight, so that dead
   * backends do not take what is needed to receive.
   */
  private long share(int pipelines) {
    return Math.max(LEAST_BYTES, memory.limit() / 2 / Math.max(2, pipelines));
  }
}
