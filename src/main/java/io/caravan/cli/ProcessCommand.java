/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command that starts a process, and ends in good order when it is told to stop. */
abstract class ProcessCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger("caravan");

  /** What it was told. */
  abstract ProcessOptions options();

  /**
   * Starts everything.
   *
   * @param parts takes each part that is to be closed, also if a later one does not start
   * @throws CommandFailure if that is not possible, for a reason that the user can mend
   */
  abstract void start(ProcessParts parts) throws Exception;

  @Override
  public final Integer call() throws Exception {
    Logging.configure(options().logFormat, options().logLevel);
    StopSignal stop = StopSignal.install();
    try (ProcessParts parts = new ProcessParts()) {
      start(parts);
      stop.await();
      log.info("Stopping");
    }
    log.info("Stopped");
    return ExitCode.OK;
  }
}
