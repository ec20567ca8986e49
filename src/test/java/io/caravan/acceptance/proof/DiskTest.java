/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static io.caravan.acceptance.proof.AccountAssert.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.FaultyDisk;
import io.caravan.acceptance.fixture.ServerProcess;
import io.caravan.acceptance.fixture.SmallFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A disk that is full, or does not do what it is asked to, while a backend is away. */
class DiskTest {
  private static final Duration TROUBLE = Form.pick(Duration.ofSeconds(2), Duration.ofSeconds(30));
  private static final Load LOAD = Load.perSecond(5_000, 8, 50);

  private final ScriptedBackend backend = ScriptedBackend.grpc();
  private Optional<CaravanProcess> caravan = Optional.empty();
  private Optional<SmallFileSystem> mounted = Optional.empty();

  @AfterEach
  void stop() {
    caravan.ifPresent(CaravanProcess::close);
    backend.close();
    mounted.ifPresent(SmallFileSystem::close);
  }

  @Test
  void shouldLoseNothingAndRecoverByItselfWhenItsFileSystemIsFull() throws IOException {
    SmallFileSystem small = SmallFileSystem.mount(64);
    mounted = Optional.of(small);
    CaravanProcess full = start(Map.of(), small.folder());
    try (Stage stage = new Stage("disk full", full, Load.closedLoop(16, 200), backend)) {
      backend.network(Gate.State.SHUT);
      Path ballast = small.folder().resolve("ballast");
      Files.write(ballast, new byte[32 << 20]);
      awaitRefusals(stage);
      awaitStatusSays(full, small.folder(), "full");
      stage.sendFor(TROUBLE);
      Files.delete(ballast);
      backend.network(Gate.State.OPEN);
      stage.sendUntilAcknowledged(5_000);

      assertThat(stage.settle(Duration.ofSeconds(60)).getFirst())
          .lostNothingOf(10_000)
          .keptTheOrderOfEachSender()
          .refusedNothing()
          .stayedWithinMebibytes(512);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NO_SPACE", "READ_ONLY", "FAILING_SYNC"})
  void shouldLoseNothingAndRecoverByItselfFrom(FaultyDisk.Fault fault) {
    FaultyDisk disk = FaultyDisk.create();
    CaravanProcess troubled = start(disk.environment(), disk.folder());
    try (Stage stage = new Stage("disk, " + fault, troubled, LOAD, backend)) {
      stage.sendUntilAcknowledged(1_000);
      backend.network(Gate.State.SHUT);
      stage.sendUntilAcknowledged(1_000);

      disk.suffer(fault);
      awaitRefusals(stage);
      awaitStatusSays(troubled, disk.folder(), "disk");
      stage.sendFor(TROUBLE);
      disk.recover();

      stage.sendUntilAcknowledged(1_000);
      troubled.process().kill();
      troubled.launch("--data", disk.folder().toString());
      troubled.awaitReady();
      backend.network(Gate.State.OPEN);
      assertThat(stage.settle(Duration.ofSeconds(60)).getFirst())
          .lostNothingOf(3_000)
          .keptTheOrderOfEachSender()
          .refusedNothing();
    }
  }

  @Test
  void shouldLoseNothingAndRefuseNobodyForGoodWhenEverySyncTakesASecond() {
    FaultyDisk disk = FaultyDisk.create();
    CaravanProcess troubled = start(disk.environment(), disk.folder());
    try (Stage stage = new Stage("disk, slow", troubled, LOAD, backend)) {
      stage.sendUntilAcknowledged(1_000);

      disk.suffer(FaultyDisk.Fault.SLOW_SYNC);
      stage.sendUntilAcknowledged(1_000);
      stage.sendFor(TROUBLE);
      troubled.process().kill();
      disk.recover();

      troubled.launch("--data", disk.folder().toString());
      troubled.awaitReady();
      stage.sendUntilAcknowledged(1_000);
      assertThat(stage.settle(Duration.ofSeconds(60)).getFirst())
          .lostNothingOf(3_000)
          .keptTheOrderOfEachSender()
          .refusedNothing();
    }
  }

  private CaravanProcess start(Map<String, String> environment, Path data) {
    CaravanProcess process = CaravanProcess.asShipped(environment);
    caravan = Optional.of(process);
    process.write("traces.yaml", Stage.pipeline("traces", backend) + DELIVERY);
    return process.start("--data", data.toString());
  }

  private static final String DELIVERY = "  delivery:\n    retry: {initial: 100ms, max: 1s}\n";

  private static void awaitRefusals(Stage stage) {
    long before = stage.log().repeated();
    Awaitility.await("refusals")
        .atMost(Duration.ofSeconds(30))
        .until(() -> stage.log().repeated() > before + LOAD.streams());
  }

  private static void awaitStatusSays(CaravanProcess caravan, Path data, String word) {
    Awaitility.await("a status that says " + word)
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              ServerProcess status = CaravanProcess.command("status", "--data", data.toString());
              return caravan.process().isAlive() && status.text().contains(word);
            });
  }
}
