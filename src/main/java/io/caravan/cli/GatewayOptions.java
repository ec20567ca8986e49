/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What {@code gateway} can be told. */
final class GatewayOptions extends NodeOptions {

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      defaultValue = "kyma-system",
      description =
          "Namespace of the ConfigMaps and Secrets telemetry-plan-00 to telemetry-plan-15, which hold the plan. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_NAMESPACE.")
  String namespace = "";

  @Option(
      names = "--plan-mount",
      paramLabel = "DIR",
      description =
          "Where the same objects are mounted, as config/telemetry-plan-00 and secret/telemetry-plan-00 and so on: what runs while the API server is away. Default: none. Environment: CARAVAN_PLAN_MOUNT.")
  Optional<Path> planMount = Optional.empty();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "/var/lib/caravan",
      description =
          "Folder that all instances of a machine share: each has a folder of its own in it, and delivers what others have left. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_DATA.")
  Path data = Path.of("");

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      defaultValue = "${env:MY_POD_NAME:-gateway}",
      description =
          "Name of this instance. Default: the environment's MY_POD_NAME, or gateway. Environment: CARAVAN_INSTANCE.")
  String instance = "";

  @Option(
      names = "--node-name",
      paramLabel = "NAME",
      defaultValue = "${env:MY_NODE_NAME:-}",
      description =
          "Name of the Node. Default: the environment's MY_NODE_NAME, or none. Environment: CARAVAN_NODE_NAME.")
  String nodeName = "";

  @Option(
      names = "--plan-token",
      paramLabel = "FILE",
      description =
          "Tokens, one a line, one of which has to be shown to read /plan of the admin port and to use /control/; read again at each request. Default: none, nobody may. Environment: CARAVAN_PLAN_TOKEN.")
  Optional<Path> planToken = Optional.empty();
}
