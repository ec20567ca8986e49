/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import java.time.Duration;

/**
 * The bounds of the dead letters.
 *
 * @param bytes that a pipeline's letters may take; each counts for its payload and {@value
 *     Envelope#BYTES_OF_A_LETTER} bytes for what is said about it; at least 1
 * @param age after which a letter goes, counted from when it was put aside; more than 0
 * @param processBytes that the letters of all pipelines may take together, half of them in equal
 *     shares that no other pipeline ever takes; at least 1
 */
public record DeadLetterSettings(long bytes, Duration age, long processBytes) {
  /** 256 MiB and 7 days a pipeline, 4 GiB in all. */
  public static final DeadLetterSettings DEFAULT =
      new DeadLetterSettings(256L << 20, Duration.ofDays(7), 4L << 30);

  public DeadLetterSettings {
    if (bytes < 1 || processBytes < 1 || !age.isPositive()) {
      throw new IllegalArgumentException(
          "dead letters of %d bytes, %d in all, for %s; each has to be more than 0"
              .formatted(bytes, processBytes, age));
    }
  }

  public DeadLetterSettings withProcessBytes(long changed) {
    return new DeadLetterSettings(bytes, age, changed);
  }
}
