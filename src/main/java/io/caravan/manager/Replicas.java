/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import org.jspecify.annotations.Nullable;

/** How many pods a workload is to have. */
final class Replicas {
  private Replicas() {}

  /** Of a DaemonSet as many as there are nodes for it, of the others as they ask for. */
  static int wanted(HasMetadata workload) {
    return switch (workload) {
      case DaemonSet one ->
          one.getStatus() == null ? 0 : orZero(one.getStatus().getDesiredNumberScheduled());
      case Deployment one -> orZero(one.getSpec().getReplicas());
      case StatefulSet one -> orZero(one.getSpec().getReplicas());
      default -> throw new IllegalArgumentException("no workload: " + workload.getKind());
    };
  }

  private static int orZero(@Nullable Integer number) {
    return number == null ? 0 : number;
  }
}
