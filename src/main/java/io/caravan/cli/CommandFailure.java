/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

/**
 * A command ends here; the message is a sentence for its user, the code one of {@link ExitCode}.
 */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int code;

  CommandFailure(int code, String message) {
    super(message);
    this.code = code;
  }

  int code() {
    return code;
  }
}
