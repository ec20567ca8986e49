/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.api.Condition;
import io.caravan.api.Condition.Status;
import io.caravan.api.Telemetry.Gateway;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.probe.PodView;
import io.caravan.manager.round.EmptiedClaims;
import io.caravan.manager.status.JournalNotices;
import io.caravan.manager.status.PodReadiness;
import io.caravan.manager.status.WorkloadKind;
import io.caravan.manager.workload.Component;
import io.caravan.manager.workload.Emptying;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What the Telemetry resource says of the gateways' journals, those of a former mode included. */
final class JournalReport {
  private final Gateway gateway;
  private final Map<ObjectKey, HasMetadata> ours;
  private final List<Pod> pods;

  /**
   * @param ours our objects, as they are
   * @param pods all gateways, of whatever workload
   */
  JournalReport(Gateway gateway, Map<ObjectKey, HasMetadata> ours, List<Pod> pods) {
    this.gateway = gateway;
    this.ours = Map.copyOf(ours);
    this.pods = List.copyOf(pods);
  }

  /**
   * The condition. What needs somebody comes first, then what will pass.
   *
   * @param reports what pods of these names have said
   */
  Condition condition(Function<List<String>, List<PodView>> reports) {
    List<PersistentVolumeClaim> claims =
        ours.values().stream()
            .filter(PersistentVolumeClaim.class::isInstance)
            .map(PersistentVolumeClaim.class::cast)
            .filter(one -> !EmptiedClaims.is(one))
            .toList();
    Condition now = JournalNotices.of(gateway, replicas(), claims, pods);
    List<Pod> former =
        pods.stream()
            .filter(one -> ModeChange.isFormer(WorkloadKind.of(gateway), one))
            .sorted(Comparator.comparing(one -> one.getMetadata().getName()))
            .toList();
    if (now.status() == Status.FALSE || former.isEmpty()) {
      return now;
    }
    List<String> told = former.stream().map(one -> told(one, reports)).toList();
    return former.stream().anyMatch(Emptying::isDoneBy)
        ? JournalNotices.formerDeliver(told)
        : JournalNotices.formerServe(told);
  }

  private int replicas() {
    return ours.values().stream()
        .filter(StatefulSet.class::isInstance)
        .filter(one -> one.getMetadata().getName().equals(Component.GATEWAY.objectName()))
        .mapToInt(Replicas::wanted)
        .sum();
  }

  /** A pod, its node, and what keeps it from telling that it has nothing left. */
  private static String told(Pod pod, Function<List<String>, List<PodView>> reports) {
    String name = pod.getMetadata().getName();
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    return "%s (%s%s)"
        .formatted(
            name,
            node == null || node.isEmpty() ? "without a node" : "node " + node,
            hindrance(pod, reports.apply(List.of(name))));
  }

  private static String hindrance(Pod pod, List<PodView> views) {
    if (pod.isMarkedForDeletion()) {
      return ", ends";
    }
    if (!PodReadiness.isReady(pod)) {
      return ", not ready";
    }
    return views.stream().anyMatch(one -> one.failure().isPresent()) ? ", does not answer" : "";
  }
}
