/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.manager.Manager;
import io.caravan.manager.ManagerSettings;
import io.caravan.manager.admission.WebhookAddress;
import io.caravan.observe.AdminServer;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All parts of a manager. */
final class ManagerProcess {
  private static final Logger log = LoggerFactory.getLogger("caravan");
  private static final String WEBHOOKS = "webhooks";

  private final ManagerOptions options;
  private final ProcessParts parts;

  ManagerProcess(ManagerOptions options, ProcessParts parts) {
    this.options = options;
    this.parts = parts;
  }

  /**
   * Starts everything; it acts when it holds the lease, and is ready before.
   *
   * @throws CommandFailure if that is not possible, for a reason that the user can mend
   */
  void start() throws Exception {
    InetAddress address = Ports.address(options.bind);
    ManagerSettings settings = options.settings();
    parts.readiness().awaits(WEBHOOKS);
    AdminServer metrics = parts.admin(address, options.adminPort);
    AdminServer probes = parts.admin(address, options.probePort, "--probe-port");
    KubernetesClient client = parts.own(new KubernetesClientBuilder().build());
    var _ = parts.own(manager(settings, client, address));
    parts.readiness().has(WEBHOOKS);
    log.atInfo()
        .addKeyValue("metrics", metrics.port())
        .addKeyValue("probes", probes.port())
        .log("Caravan {} manager", Version.number());
  }

  private Manager manager(ManagerSettings settings, KubernetesClient client, InetAddress address)
      throws CommandFailure {
    try {
      return Manager.start(
          settings,
          client,
          parts.metrics().registry(),
          new InetSocketAddress(address, options.webhookPort),
          port ->
              new WebhookAddress.OfService(
                  settings.namespace(),
                  options.webhookServicePort == 0 ? port : options.webhookServicePort),
          () -> log.info("Acting"),
          ManagerProcess::lost);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILURE, Ports.cannotListen(address, options.webhookPort, "--webhook-port", e));
    } catch (GeneralSecurityException e) {
      throw new CommandFailure(
          ExitCode.FAILURE,
          "the Secret telemetry-webhook-cert of the namespace %s cannot be used (%s)"
              .formatted(settings.namespace(), e.getMessage()));
    }
  }

  /** Another one may act from now on, so this one must not write another byte. */
  private static void lost() {
    log.error("The lease is lost; this process ends, and whoever started it starts it again");
    Runtime.getRuntime().halt(ExitCode.FAILURE);
  }
}
