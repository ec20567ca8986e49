/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

/**
 * How much goes out in one attempt. One request that is larger goes as it came.
 *
 * @param records the most records while a lane keeps up
 * @param recordsGrown the most records once more is waiting in a lane than that, at least {@code
 *     records}
 * @param bytes the most bytes, uncompressed
 */
public record PortionSettings(int records, int recordsGrown, int bytes) {
  public static final PortionSettings DEFAULT = new PortionSettings(512, 8_192, 4 << 20);

  public PortionSettings {
    if (records < 1 || recordsGrown < records || bytes < 1) {
      throw new IllegalArgumentException(
          "a portion of %d to %d records and %d bytes: expected 1 <= records <= recordsGrown, 1 <= bytes"
              .formatted(records, recordsGrown, bytes));
    }
  }
}
