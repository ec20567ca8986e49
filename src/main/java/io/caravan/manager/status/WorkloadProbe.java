/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a component's workload stands, by what Kubernetes says of it. Immutable.
 *
 * <p>A pod that fails is told of with the predecessor's words. One that is not ready, or on a node
 * that is not, and everything else that takes its time, is a roll-out; one that has been at it for
 * {@link #PATIENCE} is none any more.
 */
public final class WorkloadProbe {
  /** As long as a Deployment may make no progress, unless somebody says otherwise. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  /** How long the controllers of Kubernetes may take to make the first pod. */
  static final Duration FIRST_POD = Duration.ofSeconds(10);

  private final Component component;
  private final WorkloadKind kind;

  /**
   * @param kind what the component is to be deployed as now
   */
  public WorkloadProbe(Component component, WorkloadKind kind) {
    this.component = component;
    this.kind = kind;
  }

  /**
   * Judges.
   *
   * @param workload of this probe's kind; empty while it is not there
   * @param pods those that the workload has made, whatever their version
   * @param nodes all of the cluster
   */
  public WorkloadHealth of(
      Optional<? extends HasMetadata> workload,
      Collection<Pod> pods,
      Collection<Node> nodes,
      Instant now) {
    if (workload.isEmpty()) {
      return new WorkloadHealth.NotReady(kind + " is not yet created");
    }
    Rollout rollout = Rollout.of(workload.get());
    if (rollout.complete()) {
      return new WorkloadHealth.Ready(kind);
    }
    Set<String> readyNodes =
        nodes.stream()
            .filter(PodReadiness::isReady)
            .map(node -> node.getMetadata().getName())
            .collect(Collectors.toSet());
    List<Pod> counting =
        pods.stream()
            .filter(pod -> countsOn(readyNodes, pod))
            .sorted(Comparator.comparing(pod -> pod.getMetadata().getName()))
            .toList();
    Optional<String> failure =
        counting.stream().flatMap(pod -> PodFailure.of(pod).stream()).findFirst();
    if (failure.isPresent()) {
      return new WorkloadHealth.NotReady(failure.get());
    }
    if (pods.isEmpty() && rollout.observed() && age(workload.get(), now).compareTo(FIRST_POD) > 0) {
      return new WorkloadHealth.NotReady("No Pods deployed");
    }
    boolean tooLong =
        counting.stream()
            .anyMatch(pod -> PodReadiness.unreadyFor(pod, now).compareTo(PATIENCE) > 0);
    return rollout.stuck() || tooLong
        ? new WorkloadHealth.NotReady("%s %s is not ready".formatted(component.title(), kind))
        : new WorkloadHealth.RollingOut();
  }

  /** Where the API server does not tell, which is not the same as that there is none. */
  public WorkloadHealth unreadable() {
    return new WorkloadHealth.NotReady("Failed to get " + kind);
  }

  /** What a pod does on a node that is away says nothing of the pod. */
  private static boolean countsOn(Set<String> readyNodes, Pod pod) {
    String node = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
    return node == null || node.isEmpty() || readyNodes.contains(node);
  }

  private static Duration age(HasMetadata object, Instant now) {
    return Optional.ofNullable(object.getMetadata().getCreationTimestamp())
        .map(created -> Duration.between(Instant.parse(created), now))
        .orElse(Duration.ZERO);
  }
}
