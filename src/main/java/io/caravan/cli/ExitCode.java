/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

/** How the program ends; scripts rely on these numbers. */
final class ExitCode {
  static final int OK = 0;

  /** The command could not do its work, or found what it looks for: findings, a failed pipeline. */
  static final int FAILURE = 1;

  /** The command line is wrong, or there is nothing valid to work on. */
  static final int USAGE = 2;

  /** {@code status}: no process answers. */
  static final int NOT_RUNNING = 3;

  private ExitCode() {}
}
