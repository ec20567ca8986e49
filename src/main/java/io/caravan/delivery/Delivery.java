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
 * @param until somebody waits for its end, in milliseconds since 1970: it ends as withdrawn as soon
 *     as nothing can come of it before; {@link #FOR_EVER} for one that is kept
 * @param listener is told once how it ended
 */
public record Delivery(
    OtlpBatch batch, long sender, long acceptedAt, long position, long until, Listener listener) {
  /** Nobody waits for it. */
  public static final long FOR_EVER = Long.MAX_VALUE;

  /** One for which nobody waits. */
  public Delivery(OtlpBatch batch, long sender, long acceptedAt, long position, Listener listener) {
    this(batch, sender, acceptedAt, position, FOR_EVER, listener);
  }

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
