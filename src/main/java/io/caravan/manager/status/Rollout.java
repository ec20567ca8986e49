/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetStatus;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far a workload has got, by its own status.
 *
 * @param observed whether the status is of the workload as it is now
 * @param desired how many pods there are to be
 * @param old pods that are still to go
 * @param stuck whether Kubernetes has given up to wait for it
 */
record Rollout(boolean observed, int desired, int updated, int ready, int old, boolean stuck) {

  /** Reads the status of a DaemonSet, Deployment or StatefulSet. */
  static Rollout of(HasMetadata workload) {
    return switch (workload) {
      case DaemonSet one -> of(one);
      case Deployment one -> of(one);
      case StatefulSet one -> of(one);
      default ->
          throw new IllegalArgumentException(
              "a %s is no workload that we deploy".formatted(workload.getKind()));
    };
  }

  boolean complete() {
    return observed && desired > 0 && updated >= desired && ready >= desired && old == 0;
  }

  private static Rollout of(DaemonSet set) {
    DaemonSetStatus status = Optional.ofNullable(set.getStatus()).orElseGet(DaemonSetStatus::new);
    return new Rollout(
        observed(set, status.getObservedGeneration()),
        number(status.getDesiredNumberScheduled(), 0),
        number(status.getUpdatedNumberScheduled(), 0),
        number(status.getNumberReady(), 0),
        0,
        false);
  }

  private static Rollout of(Deployment deployment) {
    DeploymentStatus status =
        Optional.ofNullable(deployment.getStatus()).orElseGet(DeploymentStatus::new);
    int updated = number(status.getUpdatedReplicas(), 0);
    return new Rollout(
        observed(deployment, status.getObservedGeneration()),
        number(deployment.getSpec().getReplicas(), 1),
        updated,
        number(status.getReadyReplicas(), 0),
        Math.max(0, number(status.getReplicas(), 0) - updated),
        status.getConditions().stream()
            .anyMatch(
                each -> each.getType().equals("Progressing") && each.getStatus().equals("False")));
  }

  private static Rollout of(StatefulSet set) {
    StatefulSetStatus status =
        Optional.ofNullable(set.getStatus()).orElseGet(StatefulSetStatus::new);
    int updated = number(status.getUpdatedReplicas(), 0);
    return new Rollout(
        observed(set, status.getObservedGeneration()),
        number(set.getSpec().getReplicas(), 1),
        updated,
        number(status.getReadyReplicas(), 0),
        Math.max(0, number(status.getReplicas(), 0) - updated),
        false);
  }

  private static boolean observed(HasMetadata workload, @Nullable Long generation) {
    Long now = workload.getMetadata().getGeneration();
    return generation != null && (now == null || generation >= now);
  }

  private static int number(@Nullable Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }
}
