/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.ServerProcess;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code kill -9} in the middle of a replay, while live data comes. */
class ReplayKillTest {
  private static final int RECORDS = Form.pick(5_000, 50_000);
  private static final int LANES = 16;
  private static final Load LOAD = Load.perSecond(2_000, 4, 50);
  private static final String RETAIN =
      """
        delivery:
          retain: {age: 1h, size: 1Gi}
      """;

  @RegisterExtension final CaravanProcess caravan = CaravanProcess.asShipped(Map.of());

  private final ScriptedBackend first = ScriptedBackend.grpc();
  private final ScriptedBackend second = ScriptedBackend.grpc();

  @AfterEach
  void stop() {
    caravan.close();
    first.close();
    second.close();
  }

  @Test
  void shouldHurtNoLiveDataAndSayThatTheReplayEnded() {
    caravan.write("first.yaml", Stage.pipeline("first", first) + RETAIN);
    caravan.write("second.yaml", Stage.pipeline("second", second));
    second.network(Gate.State.SHUT); // so that what was replayed waits in its backlog
    caravan.start();
    try (Stage stage = new Stage("replay, killed", caravan, LOAD, first)) {
      stage.sendUntilAcknowledged(RECORDS);
      CompletableFuture<ServerProcess> replay = CompletableFuture.supplyAsync(this::replay);
      Awaitility.await("some of it was replayed")
          .atMost(Duration.ofSeconds(20))
          .until(
              () ->
                  Books.of(caravan, "second").accepted() - Books.of(caravan, "first").accepted()
                      > 200);
      caravan.process().kill();
      ServerProcess told = replay.join();
      Assertions.assertThat(told.exitCode())
          .as(told.text())
          .hasValueSatisfying(code -> Assertions.assertThat(code).isNotZero());
      Assertions.assertThat(told.text()).contains("caravan: ");

      caravan.launch();
      caravan.awaitReady();
      second.network(Gate.State.OPEN);
      stage.sendUntilAcknowledged(1_000);

      Account account = stage.settle(Duration.ofSeconds(30)).getFirst();
      long inFlight = LOAD.inFlight() + (long) LANES * first.arrivals().largest();
      AccountAssert.assertThat(account)
          .lostNothingOf(RECORDS)
          .duplicatedAtMost(inFlight)
          .keptTheOrderOfEachSender();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> stage.log().acknowledged().missingIn(second.arrivals().numbers()) == 0);
    }
    for (String pipeline : new String[] {"first", "second"}) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Books.of(caravan, pipeline).queued() == 0);
      Books books = Books.of(caravan, pipeline);
      Assertions.assertThat(books.missing()).as("%s: %s", pipeline, books).isZero();
      Assertions.assertThat(books.missingBytes()).as("%s: %s", pipeline, books).isZero();
      Assertions.assertThat(books.delivered()).as(books.toString()).isEqualTo(books.accepted());
    }
  }

  /** At a pace at which it does not end by itself before the kill. */
  private ServerProcess replay() {
    return CaravanProcess.command(
        "replay",
        "--pipeline",
        "tracepipeline/first",
        "--to",
        "tracepipeline/second",
        "--rate",
        "500",
        "--data",
        caravan.data().toString());
  }
}
