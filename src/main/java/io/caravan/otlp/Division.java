/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

/** How one message is divided in two; see {@link Halving}. Not thread-safe. */
interface Division {

  /** The bytes of the message in one half. */
  int length(Half half);

  /** Writes the message as it is in one half. */
  void write(Half half, Splice splice) throws MalformedOtlpException;
}
