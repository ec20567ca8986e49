/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which cluster is asked, if one is. */
final class ClusterOptions {
  @Option(
      names = "--cluster",
      paramLabel = "BOOLEAN",
      description =
          "Asks the manager of a cluster, and so all gateways, instead of a process here: the cluster that kubectl would ask, or the one that this runs in. Default: false. Environment: CARAVAN_CLUSTER.")
  private boolean cluster;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "The kubeconfig of the cluster to be asked; says --cluster too. Default: as kubectl finds it. Environment: CARAVAN_KUBECONFIG.")
  private Optional<Path> kubeconfig = Optional.empty();

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description =
          "The context of the kubeconfig; says --cluster too. Default: its current one. Environment: CARAVAN_CONTEXT.")
  private Optional<String> context = Optional.empty();

  @Option(
      names = "--manager-namespace",
      paramLabel = "NAME",
      defaultValue = "kyma-system",
      description =
          "Where the cluster's manager is. Default: ${DEFAULT-VALUE}. Environment: CARAVAN_MANAGER_NAMESPACE.")
  private String namespace = "";

  @Option(
      names = "--pod",
      paramLabel = "NAME",
      description =
          "The only gateway of the cluster to be asked. Default: all of them. Environment: CARAVAN_POD.")
  private Optional<String> pod = Optional.empty();

  /** Whether one is, and not a process here. */
  boolean isAsked() {
    return cluster || kubeconfig.isPresent() || context.isPresent();
  }

  Optional<String> pod() {
    return pod;
  }

  /** Its manager; the client lives as long as this program. */
  ManagerClient manager() throws CommandFailure {
    try {
      if (kubeconfig.isPresent() && !Files.isReadable(kubeconfig.get())) {
        throw new CommandFailure(
            ExitCode.USAGE, "--kubeconfig %s cannot be read".formatted(kubeconfig.get()));
      }
      // What the library looks at first; this program asks one cluster and ends.
      kubeconfig.ifPresent(
          file -> System.setProperty(Config.KUBERNETES_KUBECONFIG_FILE, file.toString()));
      Config config = Config.autoConfigure(context.orElse(null));
      KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
      return new ManagerClient(client, namespace);
    } catch (KubernetesClientException e) {
      throw new CommandFailure(ExitCode.USAGE, "the kubeconfig cannot be used: " + e.getMessage());
    }
  }
}
