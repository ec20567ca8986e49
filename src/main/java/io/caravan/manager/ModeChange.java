/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.caravan.manager.cluster.ClusterState;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.probe.PodReport;
import io.caravan.manager.probe.PodView;
import io.caravan.manager.round.FormerGateways;
import io.caravan.manager.status.Component;
import io.caravan.manager.status.WorkloadHealth;
import io.caravan.manager.status.WorkloadKind;
import io.caravan.manager.status.WorkloadProbe;
import io.caravan.manager.workload.Emptying;
import io.caravan.manager.workload.Installation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Looks how far a change of the gateway's mode has got: by its workloads, and by their pods. */
final class ModeChange {
  private final Installation installation;
  private final ClusterState state;
  private final List<Pod> pods;
  private final Function<Collection<String>, List<PodView>> reports;

  /**
   * @param pods all gateways, of whatever workload
   * @param reports what pods of these names have said
   */
  ModeChange(
      Installation installation,
      ClusterState state,
      List<Pod> pods,
      Function<Collection<String>, List<PodView>> reports) {
    this.installation = installation;
    this.state = state;
    this.pods = List.copyOf(pods);
    this.reports = reports;
  }

  /** What becomes of gateways that are deployed in another way than now. */
  FormerGateways former(WorkloadKind present, Instant now) {
    Optional<HasMetadata> workload =
        state.ours().entrySet().stream()
            .filter(one -> isGateway(present, one.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
    boolean ready =
        isReady(
            workload, pods.stream().filter(one -> !isFormer(present, one)).toList(), present, now);
    return FormerGateways.of(
        installation, state.ours(), present, ready, one -> isEmptied(one, now));
  }

  private static boolean isGateway(WorkloadKind kind, ObjectKey key) {
    return key.kind().equals(kind.toString())
        && key.name().equals(io.caravan.manager.workload.Component.GATEWAY.objectName());
  }

  private boolean isReady(
      Optional<HasMetadata> workload, List<Pod> own, WorkloadKind kind, Instant now) {
    return new WorkloadProbe(Component.GATEWAY, kind).of(workload, own, state.nodes(), now)
        instanceof WorkloadHealth.Ready;
  }

  /**
   * All pods that it is to have run in the form that takes nothing new, and each has said that
   * nothing is left. What is seen of the workload may be newer than what is seen of its pods.
   */
  private boolean isEmptied(HasMetadata workload, Instant now) {
    List<Pod> own = pods.stream().filter(one -> isMadeBy(workload, one)).toList();
    List<PodView> views =
        reports.apply(own.stream().map(one -> one.getMetadata().getName()).toList());
    return isReady(Optional.of(workload), own, kind(workload), now)
        && own.size() == Replicas.wanted(workload)
        && own.stream().allMatch(one -> Emptying.isDoneBy(one) && !one.isMarkedForDeletion())
        && views.size() == own.size()
        && views.stream()
            .allMatch(
                one ->
                    one.failure().isEmpty() && one.report().map(PodReport::emptied).orElse(false));
  }

  private static WorkloadKind kind(HasMetadata workload) {
    return Arrays.stream(WorkloadKind.values())
        .filter(one -> one.toString().equals(workload.getKind()))
        .findFirst()
        .orElseThrow();
  }

  private static boolean isMadeBy(HasMetadata workload, Pod pod) {
    return pod.getMetadata().getOwnerReferences().stream()
        .anyMatch(owner -> owner.getUid().equals(workload.getMetadata().getUid()));
  }

  /** Whether the pod is of a workload of another kind than this one. */
  static boolean isFormer(WorkloadKind present, Pod pod) {
    return Arrays.stream(WorkloadKind.values())
        .filter(one -> one != present)
        .map(ModeChange::owner)
        .anyMatch(
            owner ->
                pod.getMetadata().getOwnerReferences().stream()
                    .anyMatch(one -> one.getKind().equals(owner)));
  }

  private static String owner(WorkloadKind kind) {
    return switch (kind) {
      case DAEMON_SET, STATEFUL_SET -> kind.toString();
      case DEPLOYMENT -> "ReplicaSet";
    };
  }
}
