/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.awaitility.Awaitility.await;

import io.caravan.acceptance.fixture.ImageArchive;
import io.caravan.acceptance.fixture.Kubectl;
import io.caravan.acceptance.fixture.KubernetesNode;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A node on which {@code deploy/install.yaml} has installed the image that the build has made. */
final class InstalledCluster {
  static final String NAMESPACE = "kyma-system";

  private static final String GATEWAY = "telemetry-otlp-gateway";
  private static final Path MANIFEST = Path.of("deploy/install.yaml");

  private final KubernetesNode node;

  InstalledCluster(KubernetesNode node) {
    this.node = node;
  }

  private Kubectl kubectl() {
    return node.kubectl();
  }

  void loadImage() {
    node.load(ImageArchive.get().file());
  }

  /** As the README has it. */
  void install() {
    kubectl().run("apply", "--server-side", "-f", MANIFEST.toString());
    rolledOut("deployment/telemetry-manager");
  }

  /** As the README has it. */
  void uninstall() {
    kubectl().run("delete", "-f", MANIFEST.toString(), "--wait=true", "--timeout=90s");
  }

  /** Waits until a workload of ours has become what it is to be. */
  void rolledOut(String workload) {
    await(workload)
        .atMost(Duration.ofMinutes(3))
        .until(() -> kubectl().attempt("get", workload, "-n", NAMESPACE).code(), code -> code == 0);
    kubectl().run("rollout", "status", workload, "-n", NAMESPACE, "--timeout=240s");
  }

  /** A pipeline of each kind to the same backend. */
  void pipelines(String name, String endpoint) {
    for (String kind : List.of("TracePipeline", "LogPipeline", "MetricPipeline")) {
      kubectl().apply(pipeline(kind, name, "endpoint: {value: '%s'}".formatted(endpoint)));
    }
  }

  static String pipeline(String kind, String name, String output) {
    return """
    apiVersion: telemetry.kyma-project.io/v1beta1
    kind: %s
    metadata: {name: %s}
    spec:
      output:
        otlp:
          %s
    """
        .formatted(kind, name, output);
  }

  /** {@code True GatewayConfigured}: what a condition of a trace pipeline says. */
  String condition(String pipeline, String type) {
    return kubectl()
        .run(
            "get",
            "tracepipeline",
            pipeline,
            "-o",
            "jsonpath={.status.conditions[?(@.type==\"%1$s\")].status} {.status.conditions[?(@.type==\"%1$s\")].reason}"
                .formatted(type));
  }

  void awaitCondition(String pipeline, String type, String expected) {
    await("%s of %s".formatted(type, pipeline))
        .atMost(Duration.ofSeconds(60))
        .until(() -> condition(pipeline, type), expected::equals);
  }

  /** The gateway's Pods that are not going, of whatever workload. */
  List<Pod> gateways() {
    return node
        .client()
        .pods()
        .inNamespace(NAMESPACE)
        .withLabel("app.kubernetes.io/name", GATEWAY)
        .list()
        .getItems()
        .stream()
        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
        .toList();
  }

  /** Which Pods of ours there are, and how often their containers were started again. */
  Map<String, Integer> restarts() {
    Map<String, Integer> restarts = new TreeMap<>();
    node.client()
        .pods()
        .inNamespace(NAMESPACE)
        .list()
        .getItems()
        .forEach(
            pod ->
                restarts.put(
                    pod.getMetadata().getName() + " " + pod.getMetadata().getUid(),
                    pod.getStatus().getContainerStatuses().stream()
                        .mapToInt(ContainerStatus::getRestartCount)
                        .sum()));
    return restarts;
  }
}
