/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.status;

import static java.util.stream.Collectors.joining;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why a pod does not come up by itself, in the words of the predecessor. */
final class PodFailure {
  private static final String OUT_OF_MEMORY = "OOMKilled";

  /** What a container waits for that is on its way. */
  private static final Set<String> PROGRESS = Set.of("ContainerCreating", "PodInitializing");

  private PodFailure() {}

  /** Empty if it runs, or if waiting is all that it needs. */
  static Optional<String> of(Pod pod) {
    PodStatus status = pod.getStatus();
    if (status == null || pod.getMetadata().getDeletionTimestamp() != null) {
      return Optional.empty();
    }
    if ("Failed".equals(status.getPhase())) {
      return Optional.of("Pod is in the failed state due to: " + whyFailed(status));
    }
    return unscheduled(status)
        .or(
            () ->
                Stream.concat(
                        status.getInitContainerStatuses().stream(),
                        status.getContainerStatuses().stream())
                    .flatMap(container -> of(container).stream())
                    .findFirst());
  }

  private static String whyFailed(PodStatus status) {
    String told =
        Stream.of(status.getReason(), status.getMessage())
            .filter(text -> text != null && !text.isEmpty())
            .collect(joining(": "));
    return told.isEmpty() ? whyEnded(status) : told;
  }

  private static String whyEnded(PodStatus status) {
    return status.getContainerStatuses().stream()
        .flatMap(each -> Optional.ofNullable(each.getState()).stream())
        .flatMap(each -> Optional.ofNullable(each.getTerminated()).stream())
        .flatMap(each -> Optional.ofNullable(each.getReason()).stream())
        .findFirst()
        .orElse("Error");
  }

  private static Optional<String> unscheduled(PodStatus status) {
    return status.getConditions().stream()
        .filter(each -> each.getType().equals("PodScheduled") && each.getStatus().equals("False"))
        .map(
            each ->
                "Pod is not scheduled: "
                    + Optional.ofNullable(each.getMessage()).orElse(each.getReason()))
        .findFirst();
  }

  private static Optional<String> of(ContainerStatus container) {
    return reason(container)
        .map(
            reason ->
                "Pod is in the pending state because container: %s is not running due to: %s. Please check the container: %s logs."
                    .formatted(container.getName(), reason, container.getName()));
  }

  private static Optional<String> reason(ContainerStatus container) {
    ContainerState state = container.getState();
    if (state == null || state.getRunning() != null) {
      return Optional.empty();
    }
    if (outOfMemory(state)) {
      return Optional.of(OUT_OF_MEMORY);
    }
    return Optional.ofNullable(state.getWaiting())
        .flatMap(waiting -> Optional.ofNullable(waiting.getReason()))
        .filter(waiting -> !PROGRESS.contains(waiting))
        // Back-off says that it ended before; of what is worth more.
        .map(waiting -> outOfMemory(container.getLastState()) ? OUT_OF_MEMORY : waiting);
  }

  private static boolean outOfMemory(@Nullable ContainerState state) {
    return state != null
        && state.getTerminated() != null
        && OUT_OF_MEMORY.equals(state.getTerminated().getReason());
  }
}
