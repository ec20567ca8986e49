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

/** More than the backend takes, for longer than memory would last. */
@Isolated("it measures")
class OverloadTest {
  private static final Duration LOADED = Form.pick(Duration.ofSeconds(5), Duration.ofMinutes(1));
  private static final Load LOAD = Load.closedLoop(32, 100);
  private static final int RATE = 5_000;

  /**
   * Of the rate, what has to get through for the run to mean something: short ones share a machine.
   */
  private static final double SHARE = Form.pick(0.1, 0.9);

  @RegisterExtension final CaravanProcess caravan = CaravanProcess.asShipped(Map.of());

  private final ScriptedBackend backend = ScriptedBackend.grpc();

  @AfterEach
  void stop() {
    caravan.close();
    backend.close();
  }

  @Test
  void shouldLoseNothingAndStayWithinItsMemoryWhenThirtyTwoStreamsOutrunTheBackend() {
    backend.behave(Behaviour.takingPerSecond(RATE));
    caravan.write("traces.yaml", Stage.pipeline("traces", backend));
    caravan.start();
    try (Stage stage = new Stage("overload", caravan, LOAD, backend)) {
      stage.sendUntilAcknowledged(LOAD.inFlight());
      long before = backend.arrivals().numbers().size();
      stage.sendFor(LOADED);
      long meanwhile = backend.arrivals().numbers().size() - before;
      backend.behave(Behaviour.accepting());

      Account account = stage.settle(LOADED.multipliedBy(4)).getFirst();

      Assertions.assertThat(meanwhile)
          .as("records that the backend took while it was the bottleneck")
          .isBetween((long) (SHARE * RATE * LOADED.toSeconds()), 2L * RATE * LOADED.toSeconds());
      assertThat(account)
          .lostNothingOf(meanwhile)
          .stayedWithinMebibytes(512)
          .keptTheOrderOfEachSender()
          .refusedNothing();
    }
  }
}
