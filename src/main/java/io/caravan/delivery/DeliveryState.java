/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.api.DeliveryFailure;
import java.time.Instant;
import java.util.Optional;

/**
 * How a pipeline's delivery stands at a moment.
 *
 * @param deliveries that have not ended, those under way included
 * @param records of these
 * @param bytes that these hold in memory, and attempts that timed out
 * @param underWay attempts
 * @param leftBehind attempts that timed out and whose connector has not let go
 * @param breakerOpen whether only probes are sent
 * @param failure the last failure; empty since something was delivered
 * @param nextTry when something will be tried again; empty if nothing waits for that
 * @param counts since the deliverer was made
 */
public record DeliveryState(
    int deliveries,
    long records,
    long bytes,
    int underWay,
    int leftBehind,
    boolean breakerOpen,
    Optional<DeliveryFailure> failure,
    Optional<Instant> nextTry,
    Counts counts) {

  /**
   * What has happened.
   *
   * @param attempts that began
   * @param timedOut of these
   * @param late outcomes of attempts that had timed out
   * @param repeated outcomes of attempts that had one already
   * @param divided batches that were too large
   */
  public record Counts(long attempts, long timedOut, long late, long repeated, long divided) {}
}
