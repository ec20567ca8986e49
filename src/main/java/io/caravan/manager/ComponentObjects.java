/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.manager.cluster.ClusterState;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.workload.Component;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;

/** Finds what belongs to a component among what the watches have seen. */
final class ComponentObjects {
  private ComponentObjects() {}

  /** Why the component is not as it should be: what of it, or of the plan, could not be applied. */
  static Optional<String> failure(Component component, SortedMap<ObjectKey, String> failures) {
    Predicate<ObjectKey> matters =
        one ->
            one.name().contains(component.objectName())
                || one.name().startsWith("telemetry-otlp")
                || one.name().startsWith("telemetry-plan");
    return failures.entrySet().stream()
        .filter(one -> matters.test(one.getKey()))
        .findFirst()
        .map(one -> "%s could not be applied: %s".formatted(one.getKey(), one.getValue()));
  }

  static Optional<HasMetadata> find(Map<ObjectKey, HasMetadata> ours, String kind, String name) {
    return ours.entrySet().stream()
        .filter(one -> one.getKey().kind().equals(kind) && one.getKey().name().equals(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  static List<Pod> pods(ClusterState state, Component component) {
    return state.pods().stream()
        .filter(
            one ->
                component
                    .objectName()
                    .equals(
                        Objects.requireNonNullElse(
                                one.getMetadata().getLabels(), Map.<String, String>of())
                            .get("app.kubernetes.io/name")))
        .toList();
  }
}
