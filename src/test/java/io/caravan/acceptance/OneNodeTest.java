/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.acceptance.fixture.ClusterBackend;
import io.caravan.acceptance.fixture.ClusterSender;
import io.caravan.acceptance.fixture.ImageArchive;
import io.caravan.acceptance.fixture.KubernetesNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The life of an installation on a real node, from its first object to its last: the image, the
 * manifest, stock SDKs that send all the time and a stock Collector that receives. Each test goes
 * on where the one before has ended.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Isolated("a busy machine makes probes fail, and a restart is what it looks for")
class OneNodeTest {
  @RegisterExtension static final KubernetesNode NODE = new KubernetesNode();

  private static final InstalledCluster CLUSTER = new InstalledCluster(NODE);
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String GATEWAY = "daemonset/telemetry-otlp-gateway";

  private static ClusterBackend backend;
  private static ClusterBackend second;
  private static ClusterSender sender;

  @BeforeAll
  static void install() {
    CLUSTER.loadImage();
    ClusterBackend.load(NODE);
    NODE.kubectl().run("create", "namespace", "shop");
    backend = ClusterBackend.start(NODE, "shop", "backend");
    second = ClusterBackend.start(NODE, "shop", "second");
    CLUSTER.install();
    sender =
        ClusterSender.start(
            NODE,
            "shop",
            "shop",
            ImageArchive.get().name(),
            "http://telemetry-otlp.kyma-system:4317");
  }

  @Test
  @Order(1)
  void shouldDeliverAllSignalsOfAnSdkAfterOneManifestAndThreePipelines() {
    CLUSTER.pipelines("first", backend.endpoint());

    CLUSTER.rolledOut(GATEWAY);
    awaitMore(backend, "shop-spans-", "shop-logs-", "shop-points-");
    CLUSTER.awaitCondition("first", "ConfigurationGenerated", "True GatewayConfigured");
    CLUSTER.awaitCondition("first", "GatewayHealthy", "True GatewayReady");
  }

  @Test
  @Order(2)
  void shouldRestartNothingAndLoseNothingWhenPipelinesAreAddedAndBroken() {
    Map<String, Integer> before = CLUSTER.restarts();

    CLUSTER.pipelines("second", second.endpoint());
    NODE.kubectl()
        .run("create", "secret", "generic", "broken", "-n", "shop", "--from-literal=user=u");
    NODE.kubectl()
        .apply(
            InstalledCluster.pipeline(
                "TracePipeline",
                "broken",
                """
                endpoint: {value: '%s'}
                      authentication:
                        basic:
                          user: {valueFrom: {secretKeyRef: {name: broken, namespace: shop, key: user}}}
                          password: {value: secret}
                """
                    .formatted(second.endpoint())));
    awaitMore(second, "shop-spans-", "shop-logs-", "shop-points-");
    CLUSTER.awaitCondition("broken", "ConfigurationGenerated", "True GatewayConfigured");
    NODE.kubectl().run("delete", "secret", "broken", "-n", "shop");
    CLUSTER.awaitCondition("broken", "ConfigurationGenerated", "False ReferencedSecretMissing");
    Set<String> acknowledged = sender.acknowledged();

    awaitMore(backend, "shop-spans-", "shop-logs-", "shop-points-");
    awaitAll(backend, acknowledged);
    assertThat(CLUSTER.restarts()).isEqualTo(before);
    NODE.kubectl().run("delete", "tracepipeline", "broken");
  }

  @Test
  @Order(3)
  void shouldLoseNothingWhenGatewaysAreDeletedAndRolledOutWithABackendAway() {
    backend.stop();
    awaitAcknowledged();

    CLUSTER
        .gateways()
        .forEach(
            pod ->
                NODE.kubectl()
                    .run(
                        "delete",
                        "pod",
                        pod.getMetadata().getName(),
                        "-n",
                        InstalledCluster.NAMESPACE));
    CLUSTER.rolledOut(GATEWAY);
    awaitAcknowledged();
    NODE.kubectl().run("rollout", "restart", GATEWAY, "-n", InstalledCluster.NAMESPACE);
    CLUSTER.rolledOut(GATEWAY);
    awaitAcknowledged();

    Set<String> acknowledged = sender.acknowledged();
    assertThat(backend.received().keySet()).isNotEqualTo(acknowledged);
    backend.startAgain();
    awaitAll(backend, acknowledged);
  }

  @Test
  @Order(4)
  void shouldLoseNothingWhenTheModeChangesAndBackWithABackendAway() throws IOException {
    CLUSTER.volumes(2);
    backend.stop();
    awaitAcknowledged();

    CLUSTER.telemetry("{mode: central, journal: {type: persistentVolumeClaim, size: 1Gi}}");
    CLUSTER.rolledOut("statefulset/telemetry-otlp-gateway");
    CLUSTER.awaitEmptying("DaemonSet");
    CLUSTER.awaitJournal("True FormerGatewaysDeliver");
    awaitAcknowledged();
    CLUSTER.telemetry("{mode: daemonSet}");
    CLUSTER.awaitEmptying("StatefulSet");
    CLUSTER.rolledOut(GATEWAY);
    awaitAcknowledged();

    Set<String> acknowledged = sender.acknowledged();
    backend.startAgain();
    awaitAll(backend, acknowledged);
    CLUSTER.awaitGone("statefulset/telemetry-otlp-gateway");
    assertThat(twice(backend)).as("records that came more than once").isLessThan(200);
  }

  @Test
  @Order(5)
  void shouldDeliverWhatAReplicaHasWhoseJournalEndsWithItBeforeItEnds() {
    CLUSTER.telemetry("{mode: central, journal: {type: emptyDir}}");
    CLUSTER.rolledOut("deployment/telemetry-otlp-gateway");
    CLUSTER.awaitGone(GATEWAY);
    CLUSTER.awaitJournal("True JournalEndsWithPod");
    backend.stop();
    awaitAcknowledged();

    CLUSTER.endGateways();
    CLUSTER.rolledOut("deployment/telemetry-otlp-gateway");
    awaitAcknowledged();

    Set<String> acknowledged = sender.acknowledged();
    assertThat(backend.received().keySet()).isNotEqualTo(acknowledged);
    backend.startAgain();
    awaitAll(backend, acknowledged);
  }

  @Test
  @Order(6)
  void shouldLeaveNothingBehindButTheFolderOnTheNode() {
    sender.stop();

    CLUSTER.uninstall();

    assertThat(CLUSTER.objects()).isEmpty();
    assertThat(NODE.kubectl().attempt("get", "namespace", InstalledCluster.NAMESPACE).errors())
        .contains("NotFound");
    assertThat(NODE.varLib().resolve("caravan/kyma-system/gateway")).isDirectory();
  }

  private static long twice(ClusterBackend backend) {
    return backend.received().values().stream().mapToLong(times -> times - 1).sum();
  }

  /** Waits until the sender has heard of more than it has heard of now. */
  private static void awaitAcknowledged() {
    int before = sender.acknowledged().size();
    await("acknowledgements")
        .atMost(PATIENCE)
        .until(() -> sender.acknowledged().size(), size -> size > before + 50);
  }

  /** Waits until more has come of each of these than has come now. */
  private static void awaitMore(ClusterBackend backend, String... prefixes) {
    Set<String> before = backend.received().keySet();
    for (String prefix : prefixes) {
      await(prefix)
          .atMost(PATIENCE)
          .until(
              () ->
                  backend.received().keySet().stream()
                      .anyMatch(name -> name.startsWith(prefix) && !before.contains(name)));
    }
  }

  private static void awaitAll(ClusterBackend backend, Set<String> acknowledged) {
    await("all that was acknowledged")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(backend.received().keySet()).containsAll(acknowledged));
  }
}
