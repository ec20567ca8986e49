/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether Kubernetes calls a pod or a node ready. */
public final class PodReadiness {
  private static final String READY = "Ready";
  private static final String TRUE = "True";

  private PodReadiness() {}

  /** Whether its kubelet has told lately that it can run pods. */
  public static boolean isReady(Node node) {
    return node.getStatus() != null
        && node.getStatus().getConditions().stream()
            .anyMatch(each -> each.getType().equals(READY) && each.getStatus().equals(TRUE));
  }

  /** Whether its readiness probe says so, and nobody has asked it to end. */
  public static boolean isReady(Pod pod) {
    return pod.getMetadata().getDeletionTimestamp() == null
        && pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(each -> each.getType().equals(READY) && each.getStatus().equals(TRUE));
  }

  /** Since when it could be ready and is not; nothing if it is ready or about to end. */
  static Duration unreadyFor(Pod pod, Instant now) {
    if (isReady(pod) || pod.getMetadata().getDeletionTimestamp() != null) {
      return Duration.ZERO;
    }
    return Optional.ofNullable(pod.getStatus()).stream()
        .flatMap(status -> status.getConditions().stream())
        .filter(each -> each.getType().equals(READY))
        .flatMap(each -> Optional.ofNullable(each.getLastTransitionTime()).stream())
        .findFirst()
        .or(() -> Optional.ofNullable(pod.getMetadata().getCreationTimestamp()))
        .map(since -> Duration.between(Instant.parse(since), now))
        .orElse(Duration.ZERO);
  }
}
