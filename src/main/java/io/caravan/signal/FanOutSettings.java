/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import java.time.Duration;

/**
 * The bounds of the fan-out.
 *
 * @param attemptTimeout after which a pipeline's attempt counts as failed, before an SDK gives up
 * @param pipelineInFlightBytes of requests on their way through one pipeline; beyond it the
 *     pipeline answers full
 */
public record FanOutSettings(Duration attemptTimeout, long pipelineInFlightBytes) {

  public static final FanOutSettings DEFAULTS =
      new FanOutSettings(Duration.ofSeconds(5), 64L << 20);
}
