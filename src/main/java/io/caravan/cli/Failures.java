/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/**
 * Tells why a command failed: a sentence where it is one of ours, the whole story where it is not.
 */
final class Failures implements IExecutionExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger("caravan");

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    if (e instanceof CommandFailure failure) {
      if (command.getCommand() instanceof ProcessCommand) {
        log.error(failure.getMessage()); // in the format that the user asked for
      } else {
        command.getErr().println("caravan: " + failure.getMessage());
      }
      return failure.code();
    }
    log.error("This should not have happened; please report it", e);
    return ExitCode.FAILURE;
  }
}
