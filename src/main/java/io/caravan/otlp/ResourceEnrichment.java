/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

/** Says what is to be known of a resource beside what its sender says. */
@FunctionalInterface
public interface ResourceEnrichment {

  /**
   * The attributes that a resource is to have, {@link EncodedAttributes#NONE} for none. They are
   * added where the resource has none of that key: what the sender says stays. Called on an event
   * loop, which it must not block; the batch is borrowed.
   *
   * @param resource 0 ≤ {@code resource} &lt; {@link OtlpBatch#resources()}
   */
  EncodedAttributes attributes(OtlpBatch batch, int resource);
}
