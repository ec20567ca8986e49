/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.caravan.manager.workload.Needs.VerticalScaling;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Lets a component's memory follow its use, up to 15 % of the smallest node. */
final class VerticalPodAutoscalers {
  private static final double SHARE = 0.15;

  private VerticalPodAutoscalers() {}

  static GenericKubernetesResource of(
      Metadata metadata, String kind, Sizing sizing, VerticalScaling scaling) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion("autoscaling.k8s.io/v1")
        .withKind("VerticalPodAutoscaler")
        .withMetadata(metadata.named())
        .addToAdditionalProperties("spec", spec(metadata, kind, sizing, scaling))
        .build();
  }

  private static Map<String, Object> spec(
      Metadata metadata, String kind, Sizing sizing, VerticalScaling scaling) {
    return Map.of(
        "targetRef",
        Map.of("apiVersion", "apps/v1", "kind", kind, "name", metadata.component().objectName()),
        "updatePolicy",
        Map.of("updateMode", "InPlaceOrRecreate"),
        "resourcePolicy",
        Map.of("containerPolicies", List.of(policy(sizing, scaling.smallestNodeMemory()))));
  }

  private static Map<String, Object> policy(Sizing sizing, OptionalLong node) {
    Map<String, Object> policy = new LinkedHashMap<>();
    policy.put("containerName", DataPlanePod.CONTAINER);
    policy.put("controlledResources", List.of("memory"));
    policy.put("controlledValues", "RequestsAndLimits");
    policy.put("minAllowed", memory(sizing.memory()));
    node.ifPresent(
        bytes -> {
          long most = Math.max((long) (bytes * SHARE), sizing.memory().count());
          policy.put("maxAllowed", memory(new Bytes(most)));
        });
    return policy;
  }

  private static Map<String, String> memory(Bytes bytes) {
    return Map.of("memory", bytes.quantity().toString());
  }
}
