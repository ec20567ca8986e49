/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.otlp.OtlpBatch;

/**
 * A batch that is to be delivered.
 *
 * @param batch with the one reference that goes with the delivery
 * @param sender what all batches of a sender have in common, such as a hash of its resource
 * @param acceptedAt when it was accepted, in milliseconds since 1970; its age counts from there
 * @param position means something to whoever offers it
 * @param listener is told once how it ended
 */
public record Delivery(
    OtlpBatch batch, long sender, long acceptedAt, long position, Listener listener) {

  /** Who is told. */
  @FunctionalInterface
  public interface Listener {

    /**
     * Called once for a delivery, from any thread, also before the call that offered it returns.
     * The delivery's batch, and those of the ending, are borrowed for the time of the call. Must
     * neither block nor throw.
     */
    void ended(Delivery delivery, Ending ending);
  }
}
