/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Objects without what nobody here reads, so that a large cluster fits into a small memory. */
final class Pruned {
  private static final String MEMORY = "memory";

  private Pruned() {}

  /** Without the list of who has set which field, which is longer than most pipelines are. */
  static GenericKubernetesResource unmanaged(GenericKubernetesResource full) {
    full.getMetadata().setManagedFields(List.of());
    return full;
  }

  /** Of a resource definition its name and its labels, and how its versions are converted. */
  static CustomResourceDefinition definition(CustomResourceDefinition full) {
    return new CustomResourceDefinitionBuilder()
        .withMetadata(metadata(full.getMetadata()))
        .withNewSpec()
        .withConversion(full.getSpec() == null ? null : full.getSpec().getConversion())
        .endSpec()
        .build();
  }

  /** Its data only where somebody reads it here: settings and Kamelets. */
  static ConfigMap configMap(ConfigMap full) {
    ConfigMapBuilder pruned = new ConfigMapBuilder().withMetadata(metadata(full.getMetadata()));
    return ConfigMaps.isRead(full) ? pruned.withData(full.getData()).build() : pruned.build();
  }

  static Secret secret(Secret full) {
    return new SecretBuilder().withMetadata(metadata(full.getMetadata())).build();
  }

  /** Its name, whether it is ready, and the memory that pods may have. */
  static Node node(Node full) {
    return new NodeBuilder()
        .withMetadata(metadata(full.getMetadata()))
        .withNewStatus()
        .withConditions(ready(full))
        .withAllocatable(memory(full))
        .endStatus()
        .build();
  }

  /** Whether two states of a node are one to us; kubelets report every few minutes. */
  static boolean sameNode(Node one, Node other) {
    return ready(one).stream()
            .map(NodeCondition::getStatus)
            .toList()
            .equals(ready(other).stream().map(NodeCondition::getStatus).toList())
        && memory(one).equals(memory(other));
  }

  private static List<NodeCondition> ready(Node node) {
    return node.getStatus() == null || node.getStatus().getConditions() == null
        ? List.of()
        : node.getStatus().getConditions().stream()
            .filter(one -> "Ready".equals(one.getType()))
            .toList();
  }

  private static Map<String, Quantity> memory(Node node) {
    if (node.getStatus() == null || node.getStatus().getAllocatable() == null) {
      return Map.of();
    }
    Quantity memory = node.getStatus().getAllocatable().get(MEMORY);
    return memory == null ? Map.of() : Map.of(MEMORY, memory);
  }

  private static ObjectMeta metadata(ObjectMeta full) {
    return new ObjectMetaBuilder()
        .withName(full.getName())
        .withNamespace(full.getNamespace())
        .withUid(full.getUid())
        .withResourceVersion(full.getResourceVersion())
        .withLabels(Objects.requireNonNullElse(full.getLabels(), Map.of()))
        .build();
  }
}
