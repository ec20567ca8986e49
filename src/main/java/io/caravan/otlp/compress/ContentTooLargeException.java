/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.compress;

/** The content is larger than the limit; it was not decompressed further. */
public final class ContentTooLargeException extends Exception {
  private static final long serialVersionUID = 1L;

  // A peer controls how often this happens: no stack trace.
  ContentTooLargeException(int limit) {
    super("decompresses to more than " + limit + " bytes", null, false, false);
  }
}
