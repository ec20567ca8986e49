/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

/** Compressed bytes that do not follow their format. The message says where they leave it. */
public final class CorruptDataException extends Exception {
  private static final long serialVersionUID = 1L;

  // A peer controls how often this happens: no stack trace.
  CorruptDataException(String message) {
    super(message, null, false, false);
  }
}
