/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.api.DeliveryFailure;
import io.caravan.otlp.OtlpStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What failed since something was last delivered. Guarded by its deliverer's lock. */
final class Failures {
  private @Nullable OtlpStatus last;
  private @Nullable DeliveryFailure current;

  void failed(OtlpStatus status, long epochMillis) {
    Instant since = current == null ? Instant.ofEpochMilli(epochMillis) : current.since();
    last = status;
    current = new DeliveryFailure(since, status.code().name(), status.message());
  }

  void delivered() {
    last = null;
    current = null;
  }

  @Nullable OtlpStatus last() {
    return last;
  }

  @Nullable DeliveryFailure current() {
    return current;
  }
}
