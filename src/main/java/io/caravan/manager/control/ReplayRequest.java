/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.TelemetryReplay;
import io.caravan.api.convert.Resources;
import io.caravan.api.schema.Admission;
import io.caravan.api.schema.ResourceKind;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a TelemetryReplay asks for, as pods are asked for it. */
sealed interface ReplayRequest {
  /** A gateway stops what no manager has asked for in this time, in seconds. */
  int UNATTENDED_SECONDS = 300;

  /** It is not valid; an API server with our definition does not take such a one. */
  record Invalid(String why) implements ReplayRequest {}

  /**
   * It is.
   *
   * @param uid the key: to begin it again is to ask how far it is
   */
  record Valid(String uid, TelemetryReplay replay) implements ReplayRequest {

    /** Who gets it. */
    String to() {
      return replay.to().orElse(replay.pipeline());
    }

    /** The pipelines that it needs and that are not there, for people; empty if all are. */
    Optional<String> missing(Set<String> pipelines) {
      String missing =
          Stream.of(replay.pipeline(), to())
              .distinct()
              .filter(one -> !pipelines.contains(one))
              .map("there is no pipeline '%s'"::formatted)
              .collect(Collectors.joining("; "));
      return Optional.of(missing).filter(text -> !text.isEmpty());
    }

    /** The command that begins it, and asks how far it is. */
    String command() {
      return switch (replay.source()) {
        case JOURNAL -> "replay";
        case DEAD_LETTERS -> "dead-letters-replay";
      };
    }

    /**
     * Its arguments.
     *
     * @param started what was accepted then or later is not sent
     */
    ObjectNode arguments(Instant started) {
      ObjectNode arguments =
          JsonNodeFactory.instance
              .objectNode()
              .put("key", uid)
              .put("unattendedSeconds", UNATTENDED_SECONDS)
              .put("pipeline", replay.pipeline());
      if (replay.source() == TelemetryReplay.Source.JOURNAL) {
        Instant until = replay.until().filter(one -> one.isBefore(started)).orElse(started);
        arguments
            .put("to", to())
            .put("from", replay.from().map(Instant::toString).orElse(null))
            .put("until", until.toString())
            .put("namespace", replay.namespace().orElse(null))
            .put("rate", replay.rate().orElse(null));
      }
      return arguments;
    }
  }

  /** What a resource asks for. */
  static ReplayRequest of(GenericKubernetesResource resource) {
    Admission.Review review =
        Admission.review(ResourceKind.TELEMETRY_REPLAY, new ObjectMapper().valueToTree(resource));
    return review.violations().isEmpty()
        ? new Valid(resource.getMetadata().getUid(), Resources.replay(review.tree()))
        : new Invalid(
            review.violations().stream().map(Object::toString).collect(Collectors.joining("; ")));
  }
}
