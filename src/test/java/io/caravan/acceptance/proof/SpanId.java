/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

/**
 * Who sent a span, and which of its spans it is.
 *
 * <p>In requests the sender stands in the last eight bytes of the trace id, and the number in the
 * span id, each one higher, since OTLP forbids ids of zeros. In memory both are one long, so that a
 * request's are an array.
 */
final class SpanId {
  private static final int NUMBER_BITS = 40;

  private SpanId() {}

  static long of(int sender, long number) {
    return ((long) sender << NUMBER_BITS) | number;
  }

  static int sender(long id) {
    return (int) (id >>> NUMBER_BITS);
  }

  static int number(long id) {
    return (int) (id & ((1L << NUMBER_BITS) - 1));
  }
}
