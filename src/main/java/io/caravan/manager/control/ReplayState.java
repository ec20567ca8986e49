/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far the replay of a TelemetryReplay is, by place: a node whose gateway has its journal there,
 * or a replica. It is what the resource's status says, so that another manager can go on.
 *
 * @param started when it began: what was accepted later is not sent
 * @param places what is known of each that has been asked
 */
record ReplayState(Instant started, Map<String, Place> places) {
  private static final String COMPLETED = "Completed";
  private static final String FAILED = "Failed";

  ReplayState {
    places = new TreeMap<>(places);
  }

  /**
   * A place.
   *
   * @param state as a gateway tells it: running, waiting, done, stopped or failed
   * @param note why, where that is worth a word
   */
  record Place(String state, long records, long leftOut, String note) {
    static Place of(JsonNode progress) {
      String note = progress.path("note").asText();
      String first = progress.path("reasons").path(0).asText();
      return new Place(
          progress.path("state").asText(),
          progress.path("records").asLong(),
          progress.path("leftOut").asLong(),
          note.isEmpty() ? first : note);
    }

    boolean isOver() {
      return state.equals("done") || state.equals("stopped") || state.equals("failed");
    }

    boolean isWell() {
      return state.equals("done") && leftOut == 0;
    }
  }

  /** Whether a status says that nothing is to be done any more. */
  static boolean isOver(JsonNode status) {
    String state = status.path("state").asText();
    return state.equals(COMPLETED) || state.equals(FAILED);
  }

  /** As a status has it; one that has not begun begins now. */
  static ReplayState of(JsonNode status, Instant now) {
    Map<String, Place> places = new TreeMap<>();
    for (JsonNode each : status.path("places")) {
      places.put(
          each.path("name").asText(),
          new Place(
              each.path("state").asText(),
              each.path("records").asLong(),
              each.path("batchesLeftOut").asLong(),
              each.path("message").asText()));
    }
    Instant started =
        status.hasNonNull("startTime")
            ? Instant.parse(status.path("startTime").asText())
            : Instant.ofEpochSecond(now.getEpochSecond());
    return new ReplayState(started, places);
  }

  /** The status of one that cannot begin. */
  static ObjectNode refused(String why) {
    return JsonNodeFactory.instance.objectNode().put("state", FAILED).put("message", why);
  }

  /** The status of one that has to wait for others. */
  static ObjectNode pending(String why) {
    return JsonNodeFactory.instance.objectNode().put("state", "Pending").put("message", why);
  }

  /**
   * The status of this one.
   *
   * @param missing what has to be waited for; it is over when there is nothing, and each place is
   */
  ObjectNode status(Collection<String> missing, Instant now) {
    boolean over = missing.isEmpty() && places.values().stream().allMatch(Place::isOver);
    boolean well = places.values().stream().allMatch(Place::isWell);
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("state", over ? (well ? COMPLETED : FAILED) : "Running");
    status.put("recordsReplayed", places.values().stream().mapToLong(Place::records).sum());
    status.put("startTime", started.toString());
    if (over) {
      status.put("completionTime", Instant.ofEpochSecond(now.getEpochSecond()).toString());
    }
    status.put("message", message(missing));
    ArrayNode list = status.putArray("places");
    places.forEach(
        (name, place) ->
            list.addObject()
                .put("name", name)
                .put("state", place.state())
                .put("records", place.records())
                .put("batchesLeftOut", place.leftOut())
                .put("message", place.note()));
    return status;
  }

  private String message(Collection<String> missing) {
    List<String> said = new ArrayList<>(missing);
    places.forEach(
        (name, place) -> {
          if (!place.isWell() && !place.note().isEmpty()) {
            said.add("%s: %s: %s".formatted(name, place.state(), place.note()));
          } else if (place.leftOut() > 0) {
            said.add("%s: %d batches could not be sent".formatted(name, place.leftOut()));
          }
        });
    long more = said.size() - 10L;
    String first = String.join("; ", said.subList(0, Math.min(said.size(), 10)));
    return more > 0 ? "%s (and %d more)".formatted(first, more) : first;
  }
}
