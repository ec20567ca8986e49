/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

/** A position in the log: the number of the segment and the offset in its file, in one long. */
final class Position {
  private static final int OFFSET_BITS = 32;
  private static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;

  private Position() {}

  static long of(int segment, long offset) {
    return (long) segment << OFFSET_BITS | offset;
  }

  static int segment(long position) {
    return (int) (position >>> OFFSET_BITS);
  }

  static long offset(long position) {
    return position & OFFSET_MASK;
  }
}
