/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrunedTest {

  private static ConfigMap configMap(String name, Map<String, String> labels) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("kyma-system")
        .withResourceVersion("7")
        .withLabels(labels)
        .endMetadata()
        .addToData("k", "v")
        .build();
  }

  private static NodeBuilder node(String ready, String heartbeat, String memory) {
    return new NodeBuilder()
        .withNewMetadata()
        .withName("one")
        .withLabels(Map.of("zone", "a"))
        .endMetadata()
        .withNewStatus()
        .addNewCondition()
        .withType("MemoryPressure")
        .withStatus("False")
        .endCondition()
        .addNewCondition()
        .withType("Ready")
        .withStatus(ready)
        .withLastHeartbeatTime(heartbeat)
        .endCondition()
        .addToAllocatable("memory", new Quantity(memory))
        .addToAllocatable("cpu", new Quantity("4"))
        .addNewImage()
        .addToNames("some")
        .endImage()
        .endStatus();
  }

  @Test
  void shouldKeepTheDataOfConfigMapsThatAreReadAndOfNoOthers() {
    assertThat(Pruned.configMap(configMap("telemetry-overrides", Map.of())).getData())
        .containsEntry("k", "v");
    assertThat(Pruned.configMap(configMap("mine", Map.of("caravan.io/kamelets", ""))).getData())
        .containsEntry("k", "v");

    ConfigMap other = Pruned.configMap(configMap("telemetry-plan-00", Map.of()));
    assertThat(other.getData()).isNullOrEmpty();
    assertThat(other.getMetadata().getResourceVersion()).isEqualTo("7");
  }

  @Test
  void shouldKeepNothingOfASecretThatIsSecret() {
    Secret full =
        new SecretBuilder()
            .withNewMetadata()
            .withName("s")
            .withNamespace("apps")
            .withResourceVersion("7")
            .addToAnnotations("kubectl.kubernetes.io/last-applied-configuration", "marker")
            .endMetadata()
            .addToData("k", "bWFya2Vy")
            .addToStringData("k", "marker")
            .build();

    assertThat(stored(full).toString()).doesNotContain("marker", "bWFya2Vy");
    assertThat(Pruned.secret(full).toString()).doesNotContain("marker", "bWFya2Vy");
    assertThat(stored(full).getMetadata().getName()).isEqualTo("s");
    assertThat(stored(full).getMetadata().getNamespace()).isEqualTo("apps");
    assertThat(stored(full).getMetadata().getResourceVersion()).isEqualTo("7");
  }

  @Test
  void shouldKeepOfANodeWhetherItIsReadyAndItsMemory() {
    Node pruned = Pruned.node(node("True", "2026-11-22T08:00:00Z", "8Gi").build());

    assertThat(pruned.getStatus().getConditions())
        .extracting(NodeCondition::getType)
        .containsExactly("Ready");
    assertThat(pruned.getStatus().getAllocatable()).containsOnlyKeys("memory");
    assertThat(pruned.getStatus().getImages()).isEmpty();
  }

  @Test
  void shouldTakeANodeForTheSameThatHasOnlyReported() {
    Node node = node("True", "2026-11-22T08:00:00Z", "8Gi").build();

    assertThat(Pruned.sameNode(node, node("True", "2026-11-22T08:05:00Z", "8Gi").build())).isTrue();
    assertThat(Pruned.sameNode(node, Pruned.node(node))).isTrue();
    assertThat(Pruned.sameNode(node, node("False", "2026-11-22T08:00:00Z", "8Gi").build()))
        .isFalse();
    assertThat(Pruned.sameNode(node, node("True", "2026-11-22T08:00:00Z", "9Gi").build()))
        .isFalse();
  }

  @Test
  void shouldTakeANodeThatHasNotReportedYet() {
    Node fresh = new NodeBuilder().withNewMetadata().withName("one").endMetadata().build();

    assertThat(Pruned.node(fresh).getStatus().getConditions()).isEmpty();
    assertThat(Pruned.sameNode(fresh, Pruned.node(fresh))).isTrue();
    assertThat(Pruned.sameNode(fresh, node("True", "2026-11-22T08:00:00Z", "8Gi").build()))
        .isFalse();
  }

  /** What the watches of all Secrets keep. */
  private static Secret stored(Secret full) {
    SecretVersions store = new SecretVersions();
    var _ = store.put(store.getKey(full), full);
    return store.values().findFirst().orElseThrow();
  }
}
