/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

/**
 * Ends the planning of one pipeline with the reason and message of its condition. No stack trace:
 * it is an answer. The message holds nothing that was read from a Secret.
 */
final class RejectedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  RejectedException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }

  /** The message, which every instance has. */
  String text() {
    return String.valueOf(getMessage());
  }
}
