/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.ReplayControl;
import io.caravan.observe.ControlRefusedException;
import io.caravan.observe.ControlSocket;
import io.caravan.standalone.DataFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that follows a replay, and a process that says what it is told to. */
class RunningReplayTest {
  private static final String DEMO = "tracepipeline/demo";

  @TempDir Path data;
  private final Queue<JsonNode> asked = new ConcurrentLinkedQueue<>();
  private final Queue<ObjectNode> progress = new ConcurrentLinkedQueue<>();
  private ControlSocket socket;

  @BeforeEach
  void open() throws IOException {
    socket =
        ControlSocket.open(
            DataFolder.controlSocket(data),
            Map.of(
                ReplayControl.DEAD_LETTERS, this::answer,
                ReplayControl.PROGRESS, this::answer));
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
  }

  private JsonNode answer(JsonNode request) throws ControlRefusedException {
    asked.add(request);
    ObjectNode next = progress.poll();
    if (next == null) {
      throw new ControlRefusedException("there is no pipeline 'x'");
    }
    return next;
  }

  @Test
  void shouldFollowAReplayToItsEndAndSayWhatWasDone() {
    progress.add(state("running", 0));
    progress.add(state("waiting", 100).put("note", "enough to deliver"));
    progress.add(state("done", 300));

    Answer answer = replay(DEMO + "@40", DEMO + "@80");

    assertThat(answer.out())
        .isEqualToNormalizingNewlines(
            "dead letters of tracepipeline/demo: done: 300 records in 3 batches, 900 bytes in the backlog\n");
    assertThat(answer.code()).isZero();
    assertThat(asked).hasSize(3);
    JsonNode first = asked.element();
    assertThat(first.path("pipeline").asText()).isEqualTo(DEMO);
    assertThat(first.path("ids"))
        .extracting(JsonNode::asText)
        .containsExactly(DEMO + "@40", DEMO + "@80");
  }

  @Test
  void shouldFailAndSayWhyWhenLettersAreLeftOutOrTheReplayEndsEarly() {
    ObjectNode some = state("done", 100).put("leftOut", 2);
    some.putArray("reasons").add(DEMO + "@40 is there no longer");
    progress.add(some);

    Answer left = replay();

    assertThat(left.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(left.out())
        .contains("left out: " + DEMO + "@40 is there no longer", "and 1 more left out");

    progress.add(state("failed", 100).put("note", "the disk cannot be written"));
    Answer failed = replay();

    assertThat(failed.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(failed.out()).contains("failed: 100 records", "the disk cannot be written");
  }

  @Test
  void shouldPassOnWhyAReplayDoesNotBegin() {
    Answer answer = replay();

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.err()).contains("there is no pipeline 'x'");
  }

  private Answer replay(String... ids) {
    String[] all = new String[ids.length + 6];
    String[] command = {"dead-letters", "replay", "--pipeline", DEMO, "--data", data.toString()};
    System.arraycopy(command, 0, all, 0, command.length);
    System.arraycopy(ids, 0, all, command.length, ids.length);
    return Answer.to(all);
  }

  private static ObjectNode state(String state, int records) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("replay", 1)
        .put("what", "dead letters of " + DEMO)
        .put("state", state)
        .put("ended", !state.equals("running") && !state.equals("waiting"))
        .put("note", "")
        .put("records", records)
        .put("batches", records / 100)
        .put("bytes", records * 3)
        .put("leftOut", 0)
        .putArray("reasons");
    return json;
  }
}
