/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Takes a TelemetryReplay a step further, and says how it stands then. One thread. */
final class ReplaySteps {
  private final ReplayPods pods;

  ReplaySteps(ReplayPods pods) {
    this.pods = pods;
  }

  /** The status of one that waits until others are over. */
  static ObjectNode later(
      GenericKubernetesResource resource, JsonNode before, int others, Instant now) {
    return ReplayStatus.of(
        ReplayVerdict.later("%d others go first".formatted(others)),
        generation(resource),
        before,
        now);
  }

  /**
   * The next status.
   *
   * @param before its status so far
   * @param there the pods of the gateway
   * @param pipelines such as {@code tracepipeline/demo}
   */
  ObjectNode next(
      GenericKubernetesResource resource,
      JsonNode before,
      List<Pod> there,
      Set<String> pipelines,
      Instant now) {
    long generation = generation(resource);
    return switch (ReplayRequest.of(resource)) {
      case ReplayRequest.Invalid(String why) ->
          ReplayStatus.of(ReplayVerdict.invalid(why), generation, before, now);
      case ReplayRequest.Valid request -> {
        if (ReplayStatus.hasBegun(before)) {
          ReplayPods.Asked asked = pods.ask(request, ReplayStatus.state(before), there, now);
          yield ReplayStatus.of(
              asked.state().verdict(request.to(), asked.missing()),
              asked.state(),
              generation,
              before,
              now);
        }
        Optional<ReplayVerdict> obstacle = obstacle(resource, request, pipelines, now);
        // Written before anything begins: whoever goes on with it sends nothing that came later.
        yield obstacle.isPresent()
            ? ReplayStatus.of(obstacle.get(), generation, before, now)
            : ReplayStatus.of(
                ReplayVerdict.running("it begins"),
                ReplayState.begun(now),
                generation,
                before,
                now);
      }
    };
  }

  /** Why it does not begin. */
  private static Optional<ReplayVerdict> obstacle(
      GenericKubernetesResource resource,
      ReplayRequest.Valid request,
      Set<String> pipelines,
      Instant now) {
    Optional<String> missing = request.missing(pipelines);
    if (missing.isPresent()) {
      Instant created = Instant.parse(resource.getMetadata().getCreationTimestamp());
      return missing.map(
          created.plus(ReplayPods.PATIENCE).isAfter(now)
              ? ReplayVerdict::waitsForPipeline
              : ReplayVerdict::withoutPipeline);
    }
    return request
        .replay()
        .from()
        .filter(from -> !from.isBefore(now))
        .map(
            from ->
                ReplayVerdict.invalid(
                    "spec.from is %s, which is not past yet: nothing has been accepted since"
                        .formatted(from)));
  }

  private static long generation(GenericKubernetesResource resource) {
    return Objects.requireNonNullElse(resource.getMetadata().getGeneration(), 0L);
  }
}
