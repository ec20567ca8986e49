/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import java.time.Duration;

/**
 * {@code spec.delivery.retry}: how long a batch waits before it is tried again, where the backend
 * did not say.
 *
 * @param initial the most that it waits the first time, more than 0
 * @param max the most that it ever waits, at least {@code initial}
 */
public record RetrySettings(Duration initial, Duration max) {
  public static final RetrySettings DEFAULT =
      new RetrySettings(Duration.ofSeconds(1), Duration.ofSeconds(30));

  public RetrySettings {
    if (!initial.isPositive() || max.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "retry: initial is %s and max is %s, expected 0 < initial <= max"
              .formatted(initial, max));
    }
  }
}
