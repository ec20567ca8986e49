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
import org.junit.jupiter.api.Test;

class ReplayStateTest {
  private static final Instant STARTED = Instant.parse("2026-01-01T08:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-01T08:00:07.5Z");
  private static final Place DONE = new Place("done", 10, 0, "");

  private static ObjectNode status(Map<String, Place> places, String... missing) {
    return new ReplayState(STARTED, places).status(List.of(missing), NOW);
  }

  @Test
  void shouldBeCompletedWhenEachPlaceHasSentAll() {
    ObjectNode status = status(Map.of("node-1", DONE, "node-2", DONE));

    assertThat(status.path("state").asText()).isEqualTo("Completed");
    assertThat(status.path("recordsReplayed").asLong()).isEqualTo(20);
    assertThat(status.path("completionTime").asText()).isEqualTo("2026-01-01T08:00:07Z");
    assertThat(ReplayState.isOver(status)).isTrue();
  }

  @Test
  void shouldRunAsLongAsAPodIsToBeWaitedFor() {
    ObjectNode status = status(Map.of("node-1", DONE), "waits for pod b, which is not ready");

    assertThat(status.path("state").asText()).isEqualTo("Running");
    assertThat(status.path("message").asText()).contains("pod b");
    assertThat(status.has("completionTime")).isFalse();
    assertThat(ReplayState.isOver(status)).isFalse();
  }

  @Test
  void shouldRunAsLongAsAPlaceDoes() {
    ObjectNode status =
        status(Map.of("node-1", DONE, "node-2", new Place("waiting", 3, 0, "no room")));

    assertThat(status.path("state").asText()).isEqualTo("Running");
    assertThat(status.path("recordsReplayed").asLong()).isEqualTo(13);
    assertThat(status.path("message").asText()).isEqualTo("node-2: waiting: no room");
  }

  @Test
  void shouldFailAndSayWhereWhenSomethingIsLeftOut() {
    ObjectNode status =
        status(
            Map.of(
                "node-1", DONE,
                "node-2", new Place("done", 3, 2, ""),
                "node-3", new Place("stopped", 0, 0, "the pipeline was deleted")));

    assertThat(status.path("state").asText()).isEqualTo("Failed");
    assertThat(status.path("message").asText())
        .isEqualTo(
            "node-2: 2 batches could not be sent; node-3: stopped: the pipeline was deleted");
  }

  @Test
  void shouldGoOnFromWhatTheStatusSays() {
    Map<String, Place> places =
        Map.of("node-1", DONE, "node-2", new Place("running", 4, 1, "too large"));
    ReplayState state = new ReplayState(STARTED, places);

    assertThat(ReplayState.of(state.status(List.of(), NOW), NOW)).isEqualTo(state);
  }

  @Test
  void shouldBeginNowWhereNothingIsKnown() {
    assertThat(ReplayState.of(JsonNodeFactory.instance.objectNode(), NOW))
        .isEqualTo(new ReplayState(Instant.parse("2026-01-01T08:00:07Z"), Map.of()));
  }
}
