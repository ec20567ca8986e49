/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import io.caravan.acceptance.fixture.KubernetesApi;
import java.nio.file.Path;

/** A cluster as {@code deploy/install.yaml} leaves it, with a manager beside it. */
final class ManagerCluster {
  private static final Path INSTALL = Path.of("deploy/install.yaml");

  private ManagerCluster() {}

  /** Applies everything but the manager's Deployment, and leads its webhooks to this machine. */
  static void install(KubernetesApi api) {
    api.kubectl().apply(INSTALL, "--server-side");
    api.kubectl().run("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s");
    api.kubectl().run("delete", "deployment", "telemetry-manager", "-n", "kyma-system");
    api.kubectl().run("delete", "service", "telemetry-manager-webhook", "-n", "kyma-system");
    api.kubectl()
        .apply(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: telemetry-manager-webhook, namespace: kyma-system}
            spec: {type: ExternalName, externalName: localhost}
            """);
  }
}
