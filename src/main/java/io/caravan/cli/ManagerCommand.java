/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code caravan manager}: the controller of a cluster. */
@Command(
    name = "manager",
    description = {
      "Watches the pipelines of a cluster, plans them, and deploys what runs them, until it is told to stop.",
      "",
      "One manager acts at a time: whoever holds the Lease cdd7ef0b.kyma-project.io; the others answer webhooks and wait.",
      ""
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped as it was asked to",
      "1:cannot run: a port is in use, no cluster is configured, the lease was lost, ...",
      "2:wrong usage",
      "130:ended by a second Ctrl-C",
      "143:ended by a second SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  caravan manager --namespace kyma-system --image localhost/caravan:1.0 --bind 0.0.0.0"
    })
final class ManagerCommand extends ProcessCommand {
  @Mixin private ManagerOptions options = new ManagerOptions();

  @Override
  ProcessOptions options() {
    return options;
  }

  @Override
  void start(ProcessParts parts) throws Exception {
    new ManagerProcess(options, parts).start();
  }
}
