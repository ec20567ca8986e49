/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.manager.control.ReplayState.Place;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ReplayStateTest {
  private static final Instant STARTED = Instant.parse("2026-01-01T08:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-01T08:00:07.5Z");
  private static final Place DONE = new Place("done", 10, OptionalLong.of(10), 0, "");

  private static Place place(String state, long records, long leftOut, String note) {
    return new Place(state, records, OptionalLong.empty(), leftOut, note);
  }

  private static ObjectNode status(Map<String, Place> places, String... missing) {
    ReplayState state = new ReplayState(STARTED, places);
    return ReplayStatus.of(
        state.verdict("tracepipeline/demo", List.of(missing)),
        state,
        1,
        JsonNodeFactory.instance.objectNode(),
        NOW);
  }

  private static String condition(ObjectNode status) {
    return "%s %s: %s"
        .formatted(
            status.at("/conditions/0/status").asText(),
            status.at("/conditions/0/reason").asText(),
            status.at("/conditions/0/message").asText());
  }

  @Test
  void shouldBeCompletedWhenEachPlaceHasSentAll() {
    ObjectNode status = status(Map.of("node-1", DONE, "node-2", DONE));

    assertThat(status.path("state").asText()).isEqualTo("Completed");
    assertThat(status.path("recordsReplayed").asLong()).isEqualTo(20);
    assertThat(status.path("recordsFound").asLong()).isEqualTo(20);
    assertThat(status.path("completionTime").asText()).isEqualTo("2026-01-01T08:00:07Z");
    assertThat(condition(status))
        .isEqualTo("True AllReplayed: 20 records are in the backlog of tracepipeline/demo");
    assertThat(ReplayStatus.isOver(status)).isTrue();
  }

  @Test
  void shouldRunAsLongAsAPodIsToBeWaitedFor() {
    ObjectNode status = status(Map.of("node-1", DONE), "waits for pod b, which is not ready");

    assertThat(status.path("state").asText()).isEqualTo("Running");
    assertThat(status.path("message").asText()).contains("pod b");
    assertThat(condition(status))
        .isEqualTo("Unknown WaitingForPods: waits for pod b, which is not ready");
    assertThat(status.has("completionTime")).isFalse();
    assertThat(ReplayStatus.isOver(status)).isFalse();
  }

  @Test
  void shouldRunAsLongAsAPlaceDoes() {
    ObjectNode status = status(Map.of("node-1", DONE, "node-2", place("waiting", 3, 0, "no room")));

    assertThat(status.path("state").asText()).isEqualTo("Running");
    assertThat(status.path("recordsReplayed").asLong()).isEqualTo(13);
    assertThat(status.has("recordsFound")).as("which node-2 has not told").isFalse();
    assertThat(condition(status)).isEqualTo("Unknown Running: node-2: waiting: no room");
  }

  @Test
  void shouldFailAndSayWhereWhenSomethingIsLeftOut() {
    ObjectNode status =
        status(
            Map.of(
                "node-1", DONE,
                "node-2", place("done", 3, 2, ""),
                "node-3", place("stopped", 0, 0, "the pipeline was deleted")));

    assertThat(status.path("state").asText()).isEqualTo("Failed");
    assertThat(condition(status))
        .isEqualTo(
            "False NotAllReplayed: node-2: 2 batches could not be sent; node-3: stopped: the pipeline was deleted");
  }

  @Test
  void shouldNameTenPlacesAndCountTheOthers() {
    Map<String, Place> places = new TreeMap<>();
    for (int i = 10; i < 22; i++) {
      places.put("node-" + i, place("failed", 0, 0, "no disk"));
    }

    assertThat(status(places).path("message").asText())
        .startsWith("node-10: failed: no disk; ")
        .endsWith("node-19: failed: no disk (and 2 more)");
  }

  @Test
  void shouldGoOnFromWhatTheStatusSays() {
    Map<String, Place> places =
        Map.of("node-1", DONE, "node-2", place("running", 4, 1, "too large"));

    ObjectNode status = status(places);

    assertThat(ReplayStatus.hasBegun(status)).isTrue();
    assertThat(ReplayStatus.state(status)).isEqualTo(new ReplayState(STARTED, places));
  }

  @Test
  void shouldKeepTheTimeOfAConditionThatStaysAsItIs() {
    ObjectNode before = status(Map.of("node-1", place("running", 1, 0, "")));
    ReplayState state = ReplayStatus.state(before);

    ObjectNode after =
        ReplayStatus.of(
            state.verdict("tracepipeline/demo", List.of("waits for pod b")),
            state,
            1,
            before,
            NOW.plusSeconds(60));

    assertThat(after.at("/conditions/0/reason").asText()).isEqualTo("WaitingForPods");
    assertThat(after.at("/conditions/0/lastTransitionTime"))
        .isEqualTo(before.at("/conditions/0/lastTransitionTime"));
  }
}
