/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

/** An entry that is not what this version writes or knows. The message holds no value. */
final class UnreadableEntryException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Says what was found and what was expected. No stack trace: it is an answer. */
  UnreadableEntryException(String message) {
    super(message, null, false, false);
  }

  /** The message, which every instance has. */
  String text() {
    return String.valueOf(getMessage());
  }
}
