/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan run}: a folder takes the place of a cluster. */
@Command(
    name = "run",
    description = {
      "Receives OTLP and runs the pipelines of a folder, until it is told to stop.",
      "",
      "A change of a file takes effect within a second and drops no request. A change that is wrong is reported, and the last good version of the pipeline goes on. A pipeline that is removed stops after 5 s.",
      "SIGTERM and Ctrl-C stop the process in good order: it accepts no more, ends what it has begun and exits with 0. A second one ends it at once.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped as it was asked to",
      "1:cannot run: a port or the data folder is in use, ...",
      "2:wrong usage, or no pipeline in the folder can run",
      "130:ended by a second Ctrl-C",
      "143:ended by a second SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  caravan run deploy/quickstart",
      "  caravan run pipelines --kamelets my-kamelets --bind 0.0.0.0 --log-format json",
      "  CARAVAN_GRPC_PORT=14317 caravan run pipelines --data /var/lib/caravan"
    })
final class RunCommand extends ProcessCommand {
  @Mixin private RunOptions options = new RunOptions();

  @Override
  ProcessOptions options() {
    return options;
  }

  @Override
  void start(ProcessParts parts) throws Exception {
    new CaravanProcess(options, parts).start();
  }
}
