/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.ServerProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A second backend that is to have what the first one got. */
class ReplayTest {
  private static final int RECORDS = Form.pick(5_000, 100_000);
  private static final Load LOAD = Load.closedLoop(8, 100);
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
  void shouldGiveANewBackendWhatTheOldOneGotInATimeAcrossAKill() {
    caravan.write("first.yaml", Stage.pipeline("first", first) + RETAIN);
    caravan.start();
    Instant between;
    try (Stage stage = new Stage("replay", caravan, LOAD, first)) {
      stage.sendUntilAcknowledged(RECORDS);
      between = Instant.now();
      stage.sendUntilAcknowledged(RECORDS);
      assertThat(stage.settle(Duration.ofSeconds(30)).getFirst().lost()).isZero();
    }
    long all = first.arrivals().numbers().size();
    caravan.process().kill();
    caravan.write("second.yaml", Stage.pipeline("second", second));
    caravan.launch();
    caravan.awaitReady();
    awaitNothingQueued(); // what was delivered just before the kill is delivered again

    long late = replayed(replay("--from", between.toString()));
    awaitArrived(second, late);
    long early =
        replayed(replay("--until", between.toString(), "--rate", Integer.toString(RECORDS)));
    awaitArrived(second, early + late);

    assertThat(late).isBetween(RECORDS / 2L, all - RECORDS / 2);
    assertThat(early + late).isEqualTo(all);
    assertThat(second.arrivals().duplicates()).isZero();
    assertThat(replayed(replay("--namespace", "none"))).isZero();
    assertThat(CaravanProcess.command("status", "--data", caravan.data().toString()).text())
        .contains("retained: tracepipeline/first has %d records".formatted(all));
  }

  private static long replayed(ServerProcess command) {
    Matcher done = Pattern.compile("done: (\\d+) records").matcher(command.text());
    assertThat(done.find()).as(command.text()).isTrue();
    return Long.parseLong(done.group(1));
  }

  private void awaitNothingQueued() {
    Pattern queued =
        Pattern.compile("caravan_pipeline_queued_records\\{[^}]*tracepipeline/first[^}]*} (\\S+)");
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                queued
                    .matcher(caravan.metrics())
                    .results()
                    .allMatch(one -> Double.parseDouble(one.group(1)) == 0));
  }

  private static void awaitArrived(ScriptedBackend backend, long records) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> backend.arrivals().numbers().size() == records);
  }

  private ServerProcess replay(String... narrowed) {
    List<String> all =
        new ArrayList<>(
            List.of("replay", "--pipeline", "tracepipeline/first", "--to", "tracepipeline/second"));
    all.addAll(List.of(narrowed));
    all.addAll(List.of("--data", caravan.data().toString()));
    ServerProcess command = CaravanProcess.command(all.toArray(String[]::new));
    assertThat(command.exitCode()).as(command.text()).hasValue(0);
    return command;
  }
}
