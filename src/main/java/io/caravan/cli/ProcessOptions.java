/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import picocli.CommandLine.Option;

/** What every command can be told that runs until it is told to stop. */
abstract class ProcessOptions {

  @Option(
      names = "--admin-port",
      paramLabel = "PORT",
      defaultValue = "8888",
      converter = Values.Port.class,
      description =
          "Port of /healthz, /readyz and /metrics; 0 for any free one. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_ADMIN_PORT.")
  int adminPort;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address that all ports listen on; 0.0.0.0 for every one that the machine has. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_BIND.")
  String bind = "";

  @Option(
      names = "--log-format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description =
          "${COMPLETION-CANDIDATES}: lines for people, or a JSON object a line. Everything goes to stderr; stdout is console-sink's. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_LOG_FORMAT.")
  Logging.Format logFormat = Logging.Format.TEXT;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      defaultValue = "info",
      description =
          "${COMPLETION-CANDIDATES}. Loggers that could print secrets stay at info. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_LOG_LEVEL.")
  Logging.Verbosity logLevel = Logging.Verbosity.INFO;
}
