/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.ReplayControl;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Follows a replay in another process until it ends, and shows how far it is. If this program is
 * told to end before, by Ctrl-C or SIGTERM, it stops the replay and says what was done.
 */
final class RunningReplay {
  private static final long SHOW_NANOS = Duration.ofSeconds(2).toNanos();

  private final RunningProcess process;
  private final PrintWriter out;
  private final PrintWriter progress;
  private final CountDownLatch interrupted = new CountDownLatch(1);

  /**
   * Follows replays of a process.
   *
   * @param out takes the result
   * @param progress takes what is to be seen until then
   */
  RunningReplay(RunningProcess process, PrintWriter out, PrintWriter progress) {
    this.process = process;
    this.out = out;
    this.progress = progress;
  }

  /** Begins a replay, waits for its end, and returns an {@link ExitCode}. */
  int follow(ObjectNode begin) throws CommandFailure {
    JsonNode state = process.ask(begin);
    JsonNode replay = state.path("replay");
    if (!state.path("about").asText().isEmpty()) {
      progress.println(state.path("about").asText());
      progress.flush();
    }
    Thread stopping = Thread.ofPlatform().unstarted(() -> stop(replay));
    Runtime.getRuntime().addShutdownHook(stopping);
    try {
      long shown = System.nanoTime();
      while (!state.path("ended").asBoolean() && !isInterruptedSoon()) {
        state = process.ask(request(ReplayControl.PROGRESS, replay));
        if (System.nanoTime() - shown > SHOW_NANOS) {
          shown = System.nanoTime();
          show(state);
        }
      }
    } finally {
      forget(stopping);
    }
    return interrupted.getCount() == 0 ? ExitCode.FAILURE : result(state);
  }

  private boolean isInterruptedSoon() throws CommandFailure {
    try {
      return interrupted.await(process.pace().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.FAILURE, "interrupted; the replay stops within 10 s");
    }
  }

  private static void forget(Thread hook) {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program ends already, and the hook tells the result.
      return;
    }
  }

  /** The replay is told as the process has told it: what it is, is its own matter. */
  private static ObjectNode request(String command, JsonNode replay) {
    return JsonNodeFactory.instance.objectNode().put("command", command).set("replay", replay);
  }

  /** In the shutdown hook, when nobody else writes any more. */
  private void stop(JsonNode replay) {
    interrupted.countDown();
    try {
      int _ = result(process.ask(request(ReplayControl.STOP, replay)));
    } catch (CommandFailure e) {
      progress.println("caravan: " + e.getMessage());
      progress.flush();
    }
  }

  private void show(JsonNode state) {
    progress.println(
        "%s: %s%s"
            .formatted(
                state.path("state").asText(),
                amount(state),
                state.path("note").asText().isEmpty() ? "" : "; " + state.path("note").asText()));
    progress.flush();
  }

  private int result(JsonNode state) {
    String end = state.path("state").asText();
    boolean done = end.equals("done");
    out.println(
        "%s: %s: %s in the backlog%s"
            .formatted(
                state.path("what").asText(),
                end,
                amount(state),
                done ? "" : "; " + state.path("note").asText()));
    long leftOut = state.path("leftOut").asLong();
    state.path("reasons").forEach(why -> out.println("left out: " + why.asText()));
    long more = leftOut - state.path("reasons").size();
    if (more > 0) {
      out.println("and %d more left out".formatted(more));
    }
    out.flush();
    return process.code(done && leftOut == 0 ? ExitCode.OK : ExitCode.FAILURE);
  }

  private static String amount(JsonNode state) {
    return "%d records in %d batches, %d bytes"
        .formatted(
            state.path("records").asLong(),
            state.path("batches").asLong(),
            state.path("bytes").asLong());
  }
}
