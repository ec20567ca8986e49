/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static io.caravan.acceptance.ManagerCluster.NAMESPACE;
import static org.awaitility.Awaitility.await;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.GatewayPod;
import io.caravan.acceptance.fixture.GatewayProcess;
import io.caravan.acceptance.fixture.KubernetesAccess;
import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import io.caravan.acceptance.fixture.OwnAddress;
import io.caravan.acceptance.fixture.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A cluster with a manager that people reach through the API server's proxy, and with gateways that
 * are processes of this machine and Pods of the cluster.
 */
record GatewayCluster(ManagerCluster cluster) {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern PORT = Pattern.compile("webhooks=\"?(\\d+)");

  GatewayCluster(KubernetesApi api) {
    this(new ManagerCluster(api));
  }

  /** What is installed, and the token that managers show to gateways. */
  GatewayCluster install() {
    cluster.install();
    cluster
        .kubectl()
        .run(
            "create",
            "secret",
            "generic",
            "telemetry-plan-token",
            "-n",
            NAMESPACE,
            "--from-literal=token=" + GatewayProcess.TOKEN);
    return this;
  }

  /** A manager that acts, and to which the API server's proxy leads. */
  ManagerProcess manager(String identity) {
    // Endpoints must not have a loopback address.
    String address = OwnAddress.find();
    ManagerProcess manager = cluster.manager(identity, "--bind=0.0.0.0");
    String port = manager.process().await(PORT, 1).getFirst().group(1);
    cluster
        .kubectl()
        .apply(
            """
            apiVersion: v1
            kind: Service
            metadata: {name: telemetry-manager-webhook, namespace: kyma-system}
            spec: {type: ExternalName, externalName: localhost, ports: [{name: webhook, port: 443}]}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: telemetry-manager, namespace: kyma-system}
            spec: {nodeName: node, containers: [{name: manager, image: localhost/none}]}
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: {name: telemetry-manager-webhook, namespace: kyma-system}
            subsets:
            - addresses:
              - ip: %1$s
                targetRef: {kind: Pod, name: telemetry-manager, namespace: kyma-system}
              ports: [{name: webhook, port: %2$s}]
            """
                .formatted(address, port));
    cluster
        .kubectl()
        .run(
            "patch",
            "pod",
            "telemetry-manager",
            "-n",
            NAMESPACE,
            "--subresource=status",
            "--type=merge",
            "-p",
            "{\"status\":{\"podIP\":\"%1$s\",\"podIPs\":[{\"ip\":\"%1$s\"}]}}".formatted(address));
    return manager;
  }

  /** Applies pipelines, and waits until what they need is there for gateways. */
  void apply(String pipelines) {
    cluster.kubectl().apply(pipelines);
    await()
        .atMost(PATIENCE)
        .until(() -> !cluster.get("rolebinding", "telemetry-otlp-gateway").isMissingNode());
  }

  /** A gateway with its Pod, which has taken the plan. */
  Gateway gateway(String name, String node, String address, Path data) {
    KubernetesAccess account =
        cluster.api().users().serviceAccount(NAMESPACE, "telemetry-otlp-gateway");
    GatewayProcess process =
        GatewayProcess.ofPod(account.kubeconfig(), data.resolve(name), name, address).start();
    return new Gateway(
        process, GatewayPod.ready(cluster.api().client(), NAMESPACE, name, node, address));
  }

  /** A process and its Pod. */
  record Gateway(GatewayProcess process, GatewayPod pod) implements AutoCloseable {
    @Override
    public void close() {
      pod.close();
      process.close();
    }
  }

  /**
   * Somebody whom an administrator has given these of the shipped roles in the manager's namespace.
   * They are part of {@code view} and {@code edit} where controllers run.
   */
  KubernetesAccess person(String name, String... roles) {
    KubernetesAccess access = cluster.api().users().serviceAccount("default", name);
    for (String role : roles) {
      cluster
          .kubectl()
          .run(
              "create",
              "rolebinding",
              name + "-" + role,
              "-n",
              NAMESPACE,
              "--clusterrole=" + role,
              "--serviceaccount=default:" + name);
    }
    return access;
  }

  /** A command of this person, which has ended. */
  static ServerProcess command(KubernetesAccess person, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--kubeconfig", person.kubeconfig().toString()));
    return CaravanProcess.command(all.toArray(String[]::new));
  }
}
