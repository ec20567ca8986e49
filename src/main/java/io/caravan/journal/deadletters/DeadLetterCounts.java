/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

/**
 * How much there is of dead letters.
 *
 * @param letters themselves
 * @param records in them
 * @param bytes of their payloads
 */
public record DeadLetterCounts(long letters, long records, long bytes) {
  public static final DeadLetterCounts NONE = new DeadLetterCounts(0, 0, 0);
}
