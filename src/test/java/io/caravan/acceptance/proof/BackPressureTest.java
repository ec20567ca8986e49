/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static io.caravan.acceptance.proof.AccountAssert.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that answer 70 % of the requests with UNAVAILABLE and 70 % a second late. */
@Isolated("it measures")
class BackPressureTest {
  private static final Duration LOADED = Form.pick(Duration.ofSeconds(5), Duration.ofMinutes(1));

  /** What the predecessor took in this scenario; without a rate the journal takes what it can. */
  private static final Load LOAD = Load.perSecond(6_000, 64, 100);

  /** A thousand is the promise; short runs share a machine. */
  private static final int PER_SECOND = Form.pick(250, 1_000);

  @RegisterExtension final CaravanProcess caravan = CaravanProcess.asShipped(Map.of());

  private List<ScriptedBackend> backends = List.of();

  @AfterEach
  void stop() {
    caravan.close();
    backends.forEach(ScriptedBackend::close);
  }

  @ParameterizedTest(name = "{0} pipelines")
  @ValueSource(ints = {1, 3})
  void shouldLoseNothingAndDeliverAThousandRecordsASecondUnderBackPressure(int pipelines) {
    backends = IntStream.range(0, pipelines).mapToObj(_ -> ScriptedBackend.grpc()).toList();
    for (int i = 0; i < pipelines; i++) {
      backends.get(i).behave(Behaviour.failingAndDelaying(0.7, 0.7, Duration.ofSeconds(1)));
      caravan.write("traces-%d.yaml".formatted(i), Stage.pipeline("traces-" + i, backends.get(i)));
    }
    caravan.start();
    String scenario = "back-pressure, %d pipelines".formatted(pipelines);
    try (Stage stage =
        new Stage(scenario, caravan, LOAD, backends.toArray(ScriptedBackend[]::new))) {
      stage.sendUntilAcknowledged(LOAD.inFlight());
      backends.forEach(
          backend -> backend.behave(Behaviour.failingAndDelaying(0.7, 0.7, Duration.ofSeconds(1))));
      List<Long> before = taken();
      stage.sendFor(LOADED);
      List<Long> after = taken();
      backends.forEach(backend -> backend.behave(Behaviour.accepting()));

      List<Account> accounts = stage.settle(LOADED.multipliedBy(4));

      for (int i = 0; i < pipelines; i++) {
        Assertions.assertThat(after.get(i) - before.get(i))
            .as("records that backend %d took meanwhile", i)
            .isGreaterThan(PER_SECOND * LOADED.toSeconds());
      }
      for (Account account : accounts) {
        assertThat(account)
            .lostNothingOf(PER_SECOND * LOADED.toSeconds())
            .duplicatedAtMost(0)
            .keptTheOrderOfEachSender()
            .refusedNothing()
            .stayedWithinMebibytes(512);
      }
    }
  }

  private List<Long> taken() {
    return backends.stream().map(backend -> backend.arrivals().numbers().size()).toList();
  }
}
