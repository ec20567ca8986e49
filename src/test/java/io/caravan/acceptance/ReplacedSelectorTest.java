/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.acceptance.fixture.KubernetesApi;
import io.caravan.acceptance.fixture.ManagerProcess;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * A gateway whose selector is another one, which cannot be changed. The nodes have no kubelet: what
 * one would report is written by the test.
 */
@ResourceLock(ManagerProcess.LOCK)
class ReplacedSelectorTest {
  private static final String NAMESPACE = "kyma-system";
  private static final String GATEWAY = "telemetry-otlp-gateway";
  private static final Duration SOON = Duration.ofSeconds(40);

  /** Seconds. */
  private static final int BEAT = 10;

  private static final ScheduledExecutorService KUBELETS =
      Executors.newSingleThreadScheduledExecutor();

  @RegisterExtension static final KubernetesApi API = KubernetesApi.ownWithControllers();

  private static final String BEFORE =
      """
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: {name: %1$s, namespace: kyma-system, labels: &labels {former: "yes"}}
      spec:
        selector: {matchLabels: *labels}
        updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
        template:
          metadata: {labels: *labels}
          spec:
            containers: [{name: collector, image: registry.example/collector:1}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: telemetry-otlp, namespace: kyma-system}
      spec:
        selector: {former: "yes"}
        internalTrafficPolicy: Local
        ports: [{name: grpc-collector, port: 4317}]
      ---
      apiVersion: telemetry.kyma-project.io/v1beta1
      kind: TracePipeline
      metadata: {name: shop}
      spec: {output: {otlp: {endpoint: {value: "http://backend:4317"}}}}
      """
          .formatted(GATEWAY);

  @BeforeAll
  static void run() throws IOException {
    new ManagerCluster(API).install();
    for (String name : List.of("one", "two")) {
      node(name);
    }
    Path file = Files.createTempFile("caravan-former-", ".yaml");
    Files.writeString(file, BEFORE);
    API.kubectl().run("create", "-f", file.toString(), "--field-manager=manager");
    Files.delete(file);
    await().atMost(SOON).untilAsserted(() -> assertThat(pods()).hasSize(2));
    pods().forEach(ReplacedSelectorTest::ready);
    await().atMost(SOON).untilAsserted(() -> assertThat(nodesServed()).hasSize(2));
  }

  @AfterAll
  static void stop() {
    KUBELETS.shutdownNow();
  }

  @Test
  void shouldKeepTheFormerPodOfANodeInTheServiceUntilItsSuccessorIsReady() {
    List<Pod> former = pods();
    String before = uid();
    try (ManagerProcess manager =
        ManagerProcess.start(
                API.users().serviceAccount(NAMESPACE, "telemetry-manager"), NAMESPACE, "first")
            .awaitActing()) {
      await()
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(NullPointerException.class)
          .untilAsserted(() -> assertThat(uid()).isNotEqualTo(before));
      // Node by node.
      await().atMost(SOON).untilAsserted(() -> assertThat(successors(former)).hasSize(1));

      assertThat(formerNow(former))
          .hasSize(2)
          .allSatisfy(
              pod -> {
                assertThat(pod.isMarkedForDeletion()).isFalse();
                assertThat(pod.getMetadata().getOwnerReferences().getFirst().getUid())
                    .isEqualTo(uid());
              });
      assertThat(nodesServed()).containsExactlyInAnyOrder("one", "two");

      Pod successor = successors(former).getFirst();
      String next = node(successor).equals("one") ? "two" : "one";
      ready(successor);

      await()
          .atMost(SOON)
          .untilAsserted(
              () ->
                  assertThat(formerNow(former))
                      .filteredOn(pod -> !pod.isMarkedForDeletion())
                      .extracting(ReplacedSelectorTest::node)
                      .containsExactly(next));
      assertThat(nodesServed()).contains("one", "two");
      assertThat(manager.process().text()).contains("Replaced: its selector is another one");
    }
  }

  private static String uid() {
    return client()
        .apps()
        .daemonSets()
        .inNamespace(NAMESPACE)
        .withName(GATEWAY)
        .get()
        .getMetadata()
        .getUid();
  }

  private static KubernetesClient client() {
    return API.client();
  }

  private static List<Pod> pods() {
    return client().pods().inNamespace(NAMESPACE).list().getItems().stream()
        .filter(pod -> pod.getMetadata().getName().startsWith(GATEWAY))
        .toList();
  }

  private static List<Pod> formerNow(List<Pod> former) {
    List<String> names = former.stream().map(pod -> pod.getMetadata().getName()).toList();
    return pods().stream().filter(pod -> names.contains(pod.getMetadata().getName())).toList();
  }

  private static List<Pod> successors(List<Pod> former) {
    List<String> names = former.stream().map(pod -> pod.getMetadata().getName()).toList();
    return pods().stream().filter(pod -> !names.contains(pod.getMetadata().getName())).toList();
  }

  /** A DaemonSet's Pod says which node it is for before it is bound. */
  private static String node(Pod pod) {
    return pod.getSpec()
        .getAffinity()
        .getNodeAffinity()
        .getRequiredDuringSchedulingIgnoredDuringExecution()
        .getNodeSelectorTerms()
        .getFirst()
        .getMatchFields()
        .getFirst()
        .getValues()
        .getFirst();
  }

  /** The nodes with an endpoint that traffic goes to. */
  private static List<String> nodesServed() {
    return client()
        .discovery()
        .v1()
        .endpointSlices()
        .inNamespace(NAMESPACE)
        .withLabel("kubernetes.io/service-name", "telemetry-otlp")
        .list()
        .getItems()
        .stream()
        .flatMap(slice -> slice.getEndpoints() == null ? Stream.of() : endpoints(slice))
        .filter(one -> Boolean.TRUE.equals(one.getConditions().getReady()))
        .map(Endpoint::getNodeName)
        .distinct()
        .toList();
  }

  private static Stream<Endpoint> endpoints(
      io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice slice) {
    return slice.getEndpoints().stream();
  }

  private static void node(String name) {
    var _ =
        client()
            .resource(
                new NodeBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .addToLabels("kubernetes.io/hostname", name)
                    .endMetadata()
                    .build())
            .create();
    beat(name);
    var _ = KUBELETS.scheduleWithFixedDelay(() -> beat(name), BEAT, BEAT, TimeUnit.SECONDS);
  }

  /** What a kubelet says every few seconds, or else its node and the pods on it are given up. */
  private static void beat(String name) {
    patchStatus(
        "node/" + name,
        """
        {"status": {"capacity": {"cpu": "8", "memory": "16Gi", "pods": "110"},
          "allocatable": {"cpu": "8", "memory": "16Gi", "pods": "110"},
          "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady",
            "lastHeartbeatTime": "%1$s", "lastTransitionTime": "%1$s"}]}}
        """
            .formatted(Instant.now()));
  }

  private static int addresses;

  private static void ready(Pod pod) {
    addresses++;
    patchStatus(
        "pod/" + pod.getMetadata().getName(),
        """
        {"status": {"phase": "Running", "podIP": "10.244.0.%1$d", "podIPs": [{"ip": "10.244.0.%1$d"}],
          "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "%2$s"},
            {"type": "ContainersReady", "status": "True", "lastTransitionTime": "%2$s"}]}}
        """
            .formatted(addresses, Instant.now().minusSeconds(60)));
  }

  private static void patchStatus(String what, String status) {
    API.kubectl()
        .run("patch", what, "-n", NAMESPACE, "--subresource=status", "--type=merge", "-p", status);
  }
}
