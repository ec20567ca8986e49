/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

/** The answer to a place that asked for bytes. */
public enum Reservation {
  GRANTED,
  /** The bound of the place itself is reached. */
  PLACE_FULL,
  /** The place has more than its guaranteed share, and all that is not set aside is taken. */
  JOURNAL_FULL,
  /** What has to stay free of the file system is all that is left. */
  FILE_SYSTEM_FULL,
  /** The place was removed. */
  REMOVED
}
