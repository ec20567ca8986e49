/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan gateway}: receives and delivers in a cluster, as its manager plans it. */
@Command(
    name = "gateway",
    description = {
      "Receives OTLP and runs the pipelines of a cluster, as 'caravan manager' plans them, until it is told to stop.",
      "",
      "A change of the plan takes effect within two seconds and drops no request. While the API server is away, what runs goes on; a start runs what is mounted.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped as it was asked to",
      "1:cannot run: a port is in use, the data folder cannot be written to, ...",
      "2:wrong usage",
      "130:ended by a second Ctrl-C",
      "143:ended by a second SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  caravan gateway --namespace kyma-system --plan-mount /etc/caravan/plan --bind 0.0.0.0 --log-format json"
    })
final class GatewayCommand extends ProcessCommand {
  @Mixin private GatewayOptions options = new GatewayOptions();

  @Override
  ProcessOptions options() {
    return options;
  }

  @Override
  void start(ProcessParts parts) throws Exception {
    new GatewayProcess(options, parts).start();
  }
}
