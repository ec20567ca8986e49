/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Outcome;
import java.util.function.Consumer;

/** The way to a pipeline's backend. Called from any thread, also at the same time. */
@FunctionalInterface
public interface Connector {

  /**
   * Tries once to deliver a batch, and takes over one reference to it, which it releases on every
   * path, also when it throws.
   *
   * @param outcome to be told once, from any thread, also before this returns; a second one is
   *     counted and otherwise ignored. It also says that the connector has let go of the batch, and
   *     is therefore to come however late: a late success still counts where the batch was not
   *     begun again.
   */
  void deliver(OtlpBatch batch, Consumer<Outcome> outcome);
}
