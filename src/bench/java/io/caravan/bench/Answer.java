/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/** What became of a request, as its sender sees it. */
enum Answer {
  ACCEPTED,
  /** Refused with a delay after which to try again: RetryInfo, or {@code Retry-After}. */
  REFUSED_FOR_NOW,
  /** Refused without a delay. */
  REFUSED,
  /** The connection or the stream ended without an answer. */
  NONE
}
