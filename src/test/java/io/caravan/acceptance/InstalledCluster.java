/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static java.util.stream.Collectors.joining;
import static org.awaitility.Awaitility.await;

import io.caravan.acceptance.fixture.ImageArchive;
import io.caravan.acceptance.fixture.Kubectl;
import io.caravan.acceptance.fixture.KubernetesNode;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
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
    kubectl().run("delete", "logpipelines,metricpipelines,tracepipelines", "--all");
    kubectl().run("delete", "telemetry", "--all", "-n", NAMESPACE, "--timeout=90s");
    kubectl().run("delete", "-f", MANIFEST.toString(), "--timeout=90s");
  }

  /** All objects of the whole cluster and of all namespaces that have our label. */
  List<String> objects() {
    String kinds =
        kubectl().run("api-resources", "--verbs=list", "-o", "name").lines().collect(joining(","));
    return kubectl()
        .attempt("get", kinds, "-A", "-l", "kyma-project.io/module=telemetry", "-o", "name")
        .output()
        .lines()
        .toList();
  }

  /** Volumes for claims, since there is nobody who provides them. */
  void volumes(int count) throws IOException {
    for (int number = 0; number < count; number++) {
      Files.createDirectories(node.varLib().resolve("volumes/" + number));
      kubectl()
          .apply(
              """
              apiVersion: v1
              kind: PersistentVolume
              metadata: {name: volume-%1$d}
              spec:
                capacity: {storage: 1Gi}
                accessModes: [ReadWriteOnce]
                persistentVolumeReclaimPolicy: Retain
                local: {path: /var/lib/volumes/%1$d}
                nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node1]}]}]}}
              """
                  .formatted(number));
    }
  }

  /** Says how the gateway is to be deployed. */
  void telemetry(String gateway) {
    kubectl()
        .apply(
            """
            apiVersion: operator.kyma-project.io/v1beta1
            kind: Telemetry
            metadata: {name: default, namespace: %s}
            spec: {gateway: %s}
            """
                .formatted(NAMESPACE, gateway));
  }

  /**
   * Waits until the Pods of a workload that is not wanted any more take nothing new: those of the
   * new one are ready before, and those of a StatefulSet go one after the other.
   */
  void awaitEmptying(String owner) {
    await(owner + " takes nothing new")
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> gateways().stream().filter(pod -> isOf(owner, pod)).toList(),
            pods -> !pods.isEmpty() && pods.stream().noneMatch(InstalledCluster::takesTelemetry));
  }

  private static boolean isOf(String owner, Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(one -> one.getKind().equals(owner));
  }

  private static boolean takesTelemetry(Pod pod) {
    return pod.getMetadata().getLabels().containsKey("telemetry.kyma-project.io/trace-ingest");
  }

  void awaitGone(String workload) {
    await(workload + " is gone")
        .atMost(Duration.ofMinutes(3))
        .until(
            () -> kubectl().attempt("get", workload, "-n", NAMESPACE).errors(),
            errors -> errors.contains("NotFound"));
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

  /** Waits until the Telemetry resource says this of the gateway's journal. */
  void awaitJournal(String expected) {
    String condition = ".status.conditions[?(@.type==\"JournalDurability\")]";
    String path = "{%1$s.status} {%1$s.reason}".formatted(condition);
    await("JournalDurability")
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                kubectl()
                    .run("get", "telemetry", "default", "-n", NAMESPACE, "-o", "jsonpath=" + path),
            expected::equals);
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

  /** Deletes the gateway's Pods, and waits for none of them: one may take minutes to deliver. */
  void endGateways() {
    for (Pod each : gateways()) {
      kubectl().run("delete", "pod", each.getMetadata().getName(), "-n", NAMESPACE, "--wait=false");
    }
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
