/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.DeliveryFailure;
import io.caravan.observe.LinePace;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why what waits for a pipeline cannot be read from the journal at the moment. Written by one
 * thread at a time, read by any.
 */
final class Unreadable {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  private final String place;
  private final LinePace pace = new LinePace();
  private volatile @Nullable DeliveryFailure failure;

  Unreadable(String place) {
    this.place = place;
  }

  /** Empty since something was read. */
  Optional<DeliveryFailure> failure() {
    return Optional.ofNullable(failure);
  }

  void failed(IOException cause) {
    DeliveryFailure before = failure;
    failure =
        new DeliveryFailure(
            before == null ? Instant.now() : before.since(),
            "UNAVAILABLE",
            "what waits cannot be read from the journal (%s); tried again each second"
                .formatted(cause));
    if (pace.mayWrite()) {
      LOG.warn(
          "event=journal_unreadable pipeline={} error=\"{}\" action=\"tried again each second\"",
          place,
          cause.toString());
    }
  }

  void readable() {
    if (failure != null) {
      failure = null;
      LOG.info("event=journal_readable pipeline={}", place);
    }
  }
}
