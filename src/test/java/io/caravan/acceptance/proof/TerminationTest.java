/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static io.caravan.acceptance.proof.AccountAssert.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

/** {@code kill -TERM} under load. */
@Isolated("it measures")
class TerminationTest {
  private static final int STOPS = Form.pick(2, 20);
  private static final Load LOAD = Load.perSecond(10_000, 16, 50);

  @RegisterExtension final CaravanProcess caravan = CaravanProcess.asShipped(Map.of());

  private ScriptedBackend backend = ScriptedBackend.grpc();

  @AfterEach
  void stop() {
    caravan.close();
    backend.close();
  }

  @Test
  void shouldLoseNothingAndStopWithinTwoSecondsEachTimeItIsTerminatedUnderLoad() {
    terminate("termination, gRPC");
  }

  @Test
  void shouldLoseNothingAndStopWithinTwoSecondsEachTimeWhenItDeliversOverHttp() {
    backend.close();
    backend = ScriptedBackend.http();
    terminate("termination, HTTP");
  }

  @Test
  void shouldLoseNothingAndStopWithinTwoSecondsEachTimeWhileTheBackendIsAway() {
    caravan.write("traces.yaml", Stage.pipeline("traces", backend));
    caravan.start();
    try (Stage stage = new Stage("termination, backend away", caravan, LOAD, backend)) {
      stage.sendUntilAcknowledged(2_000);
      for (int stops = 0; stops < STOPS; stops++) {
        backend.network(stops % 2 == 0 ? Gate.State.SILENT : Gate.State.SHUT);
        stage.sendUntilAcknowledged(2_000);

        caravan.process().terminate();
        caravan.process().awaitExit(Duration.ofSeconds(2));
        caravan.launch();
        caravan.awaitReady();
      }
      backend.network(Gate.State.OPEN);

      assertThat(stage.settle(Duration.ofSeconds(60)).getFirst())
          .lostNothingOf(STOPS * 2_000L)
          .keptTheOrderOfEachSender()
          .refusedNothing();
    }
  }

  private void terminate(String scenario) {
    backend.behave(Behaviour.answeringAfter(Duration.ofMillis(50)));
    caravan.write("traces.yaml", Stage.pipeline("traces", backend));
    caravan.start();
    try (Stage stage = new Stage(scenario, caravan, LOAD, backend)) {
      for (int stops = 0; stops < STOPS; stops++) {
        stage.sendUntilAcknowledged(2_000);

        caravan.process().terminate();
        int code = caravan.process().awaitExit(Duration.ofSeconds(2));

        Assertions.assertThat(code).as("0, or 128 + SIGTERM").isIn(0, 143);
        caravan.launch();
        caravan.awaitReady();
      }
      stage.sendUntilAcknowledged(2_000);

      assertThat(stage.settle(Duration.ofSeconds(30)).getFirst())
          .lostNothingOf(STOPS * 2_000L)
          .duplicatedAtMost(0)
          .keptTheOrderOfEachSender()
          .refusedNothing();
    }
  }
}
