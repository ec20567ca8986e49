/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets the level of the log while the process runs. A level that there is not is told, and the
 * process's own counts.
 *
 * @param format of the log, which stays
 * @param own what the process was started with
 */
record LogLevelOverride(Logging.Format format, Logging.Verbosity own)
    implements Consumer<Optional<String>> {
  private static final Logger log = LoggerFactory.getLogger("caravan");

  @Override
  public void accept(Optional<String> level) {
    Optional<Logging.Verbosity> known =
        level.flatMap(
            text ->
                Arrays.stream(Logging.Verbosity.values())
                    .filter(one -> one.toString().equalsIgnoreCase(text.strip()))
                    .findFirst());
    Logging.configure(format, known.orElse(own));
    if (level.isPresent() && known.isEmpty()) {
      log.atWarn()
          .addKeyValue("logLevel", level.get())
          .addKeyValue("expected", Arrays.toString(Logging.Verbosity.values()))
          .log("ConfigMap telemetry-overrides names a level that there is not; {} counts", own);
    }
  }
}
