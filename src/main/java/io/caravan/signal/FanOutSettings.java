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
 * @param inFlightBytes of requests on their way through the whole node
 * @param pipelineInFlightBytes the same for one pipeline; beyond it the pipeline answers full
 */
public record FanOutSettings(
    Duration attemptTimeout, long inFlightBytes, long pipelineInFlightBytes) {

  public static final FanOutSettings DEFAULTS =
      new FanOutSettings(Duration.ofSeconds(5), 256L << 20, 64L << 20);
}
