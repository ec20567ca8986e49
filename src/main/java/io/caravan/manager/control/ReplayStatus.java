/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.manager.control.ReplayState.Place;
import io.caravan.manager.control.ReplayVerdict.State;
import io.caravan.manager.round.Statuses;
import io.caravan.manager.status.StatusCondition;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The status of a TelemetryReplay, to and from JSON: what another manager goes on with. */
final class ReplayStatus {
  private static final String STATE = "state";
  private static final String STARTED = "startTime";
  private static final String PLACES = "places";
  private static final String FOUND = "recordsFound";
  private static final String LEFT_OUT = "batchesLeftOut";

  private ReplayStatus() {}

  /** Whether it says that nothing is to be done any more. */
  static boolean isOver(JsonNode status) {
    String state = status.path(STATE).asText();
    return state.equals(State.COMPLETED.toString()) || state.equals(State.FAILED.toString());
  }

  /** Whether pods may have begun already. */
  static boolean hasBegun(JsonNode status) {
    return status.hasNonNull(STARTED);
  }

  /** How far one is that has begun. */
  static ReplayState state(JsonNode status) {
    Map<String, Place> places = new TreeMap<>();
    for (JsonNode each : status.path(PLACES)) {
      places.put(
          each.path("name").asText(),
          new Place(
              each.path(STATE).asText(),
              each.path("records").asLong(),
              each.hasNonNull(FOUND)
                  ? OptionalLong.of(each.path(FOUND).asLong())
                  : OptionalLong.empty(),
              each.path(LEFT_OUT).asLong(),
              each.path("message").asText()));
    }
    return new ReplayState(Instant.parse(status.path(STARTED).asText()), places);
  }

  /**
   * Of one that has not begun.
   *
   * @param generation of the resource
   * @param before what the resource says now
   */
  static ObjectNode of(ReplayVerdict verdict, long generation, JsonNode before, Instant now) {
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put(STATE, verdict.state().toString()).put("message", verdict.message());
    status.set(
        "conditions",
        Statuses.json(
            StatusCondition.of(
                List.of(verdict.condition()), generation, Statuses.conditions(before), now)));
    return status;
  }

  /** Of one that has. */
  static ObjectNode of(
      ReplayVerdict verdict, ReplayState state, long generation, JsonNode before, Instant now) {
    ObjectNode status = of(verdict, generation, before, now);
    status.put(STARTED, state.started().toString());
    if (verdict.isOver()) {
      status.put("completionTime", Instant.ofEpochSecond(now.getEpochSecond()).toString());
    }
    status.put("recordsReplayed", state.records());
    state.found().ifPresent(found -> status.put(FOUND, found));
    ArrayNode list = status.putArray(PLACES);
    state
        .places()
        .forEach(
            (name, place) -> {
              ObjectNode one =
                  list.addObject()
                      .put("name", name)
                      .put(STATE, place.state())
                      .put("records", place.records())
                      .put(LEFT_OUT, place.leftOut())
                      .put("message", place.note());
              place.found().ifPresent(found -> one.put(FOUND, found));
            });
    return status;
  }
}
