/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * How far the replays of several pods are that make one: the same fields as that of one pod has,
 * but for {@code replay}, which is an object with the number in each pod.
 */
final class ReplaySums {
  /** From the state that tells least about the whole to the one that tells most. */
  private static final List<String> STATES =
      List.of("done", "stopped", "failed", "waiting", "running");

  /** Told only if each pod knows it. */
  private static final String FOUND = "found";

  private static final List<String> COUNTS = List.of("batches", "records", "bytes", "leftOut");

  private ReplaySums() {}

  /**
   * The whole.
   *
   * @param replays what a client shows to ask again; pods that have answered are added
   */
  static ObjectNode of(ObjectNode replays, Collection<PodAnswer> answers) {
    ObjectNode whole = JsonNodeFactory.instance.objectNode();
    ArrayNode reasons = JsonNodeFactory.instance.arrayNode();
    List<String> notes = new ArrayList<>();
    List<String> about = new ArrayList<>();
    int state = 0;
    boolean found = true;
    for (PodAnswer each : answers) {
      switch (each) {
        case PodAnswer.Done(String pod, JsonNode one) -> {
          replays.set(pod, one.path("replay"));
          state = Math.max(state, STATES.indexOf(one.path("state").asText()));
          whole.put("what", one.path("what").asText());
          COUNTS.forEach(
              count -> whole.put(count, whole.path(count).asLong() + one.path(count).asLong()));
          found &= one.has(FOUND);
          whole.put(FOUND, whole.path(FOUND).asLong() + one.path(FOUND).asLong());
          one.path("reasons").forEach(why -> reasons.add(pod + ": " + why.asText()));
          say(notes, pod, one.path("note").asText());
          say(about, pod, one.path("about").asText());
        }
        // It is asked again, and stops by itself if that is of no use.
        case PodAnswer.Silent(String pod, String why) -> {
          say(notes, pod, why);
          state = Math.max(state, STATES.indexOf("failed"));
        }
        case PodAnswer.Refused(String pod, String why) -> {
          say(notes, pod, why);
          state = Math.max(state, STATES.indexOf("failed"));
        }
      }
    }
    if (!found) {
      var _ = whole.remove(FOUND);
    }
    whole.set("replay", replays);
    whole.put("state", STATES.get(state));
    whole.put("ended", state <= STATES.indexOf("failed"));
    whole.put("note", String.join("; ", notes));
    whole.put("about", String.join(System.lineSeparator(), about));
    whole.set("reasons", reasons);
    return whole;
  }

  private static void say(List<String> to, String pod, String what) {
    if (!what.isEmpty()) {
      to.add(pod + ": " + what);
    }
  }
}
