/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static io.caravan.acceptance.proof.AccountAssert.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.ServerProcess;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A backend that refuses for good what it should have taken, and is repaired. */
class DeadLettersTest {
  private static final int RECORDS = Form.pick(20_000, 80_100);
  private static final Load LOAD = Load.closedLoop(8, 100);

  @RegisterExtension final CaravanProcess caravan = CaravanProcess.asShipped(Map.of());

  private final ScriptedBackend backend = ScriptedBackend.grpc();

  @AfterEach
  void stop() {
    caravan.close();
    backend.close();
  }

  @Test
  void shouldReplayTheDeadLettersOnceTheBackendThatRefusedThemIsRepaired() {
    backend.behave(Behaviour.answering(Status.Code.INVALID_ARGUMENT));
    caravan.write("traces.yaml", Stage.pipeline("traces", backend));
    caravan.start();
    try (Stage stage = new Stage("dead letters", caravan, LOAD, backend)) {
      stage.sendUntilAcknowledged(RECORDS);
      stage.finish();
      Awaitility.await("all among the dead letters")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(200))
          .until(() -> counted() == stage.log().acknowledged().size());
      Assertions.assertThat(deadLetters("ls", "tracepipeline/traces").text())
          .contains("INVALID_ARGUMENT");
      backend.behave(Behaviour.accepting());

      ServerProcess replay = deadLetters("replay", "--pipeline", "tracepipeline/traces");

      Assertions.assertThat(replay.text())
          .contains("done: %d records".formatted(stage.log().acknowledged().size()));
      assertThat(stage.settle(Duration.ofSeconds(60)).getFirst())
          .lostNothingOf(RECORDS)
          .duplicatedAtMost(0)
          .refusedNothing();
      Assertions.assertThat(counted()).isZero();
    }
  }

  /** The records among the dead letters. */
  private long counted() {
    Matcher row =
        Pattern.compile("tracepipeline/traces +\\d+ +(\\d+)").matcher(deadLetters("ls").text());
    return row.find() ? Long.parseLong(row.group(1)) : 0;
  }

  private ServerProcess deadLetters(String... arguments) {
    List<String> all = new ArrayList<>(List.of("dead-letters"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--data", caravan.data().toString()));
    ServerProcess command = CaravanProcess.command(all.toArray(String[]::new));
    Assertions.assertThat(command.exitCode()).as(command.text()).hasValue(0);
    return command;
  }
}
