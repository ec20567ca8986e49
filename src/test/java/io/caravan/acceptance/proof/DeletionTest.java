/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import static io.caravan.acceptance.proof.AccountAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A pipeline is deleted, made anew or pointed elsewhere while its backend is away. */
class DeletionTest {
  private static final Load LOAD = Load.closedLoop(4, 100);
  private static final String MANIFEST = "traces.yaml";

  @RegisterExtension final CaravanProcess caravan = CaravanProcess.asShipped(Map.of());

  private final ScriptedBackend backend = ScriptedBackend.grpc();
  private final ScriptedBackend other = ScriptedBackend.grpc();

  @AfterEach
  void stop() {
    caravan.close();
    backend.close();
    other.close();
  }

  @Test
  void shouldDeliverTheRestOfADeletedPipelineAlsoThroughAKillAndATermination() throws IOException {
    caravan.write(MANIFEST, Stage.pipeline("traces", backend));
    caravan.start();
    try (Stage stage = new Stage("deletion", caravan, LOAD, backend)) {
      waitsFor(stage, 5_000);
      Files.delete(caravan.manifests().resolve(MANIFEST));
      awaitStatus("deleted: tracepipeline/traces has %d records".formatted(acknowledged(stage)));

      caravan.process().kill();
      restart();
      awaitStatus("deleted: tracepipeline/traces has %d records".formatted(acknowledged(stage)));
      caravan.process().terminate();
      caravan.process().awaitExit(Duration.ofSeconds(10));
      restart();
      backend.network(Gate.State.OPEN);

      assertThat(stage.settle(Duration.ofSeconds(60)).getFirst())
          .lostNothingOf(5_000)
          .duplicatedAtMost(0)
          .keptTheOrderOfEachSender();
      awaitNothingOfIt();
    }
  }

  @Test
  void shouldDeliverWhatWasLeftWhenTheManifestVanishedWhileNoProcessRan() throws IOException {
    caravan.write(MANIFEST, Stage.pipeline("traces", backend));
    caravan.start();
    try (Stage stage = new Stage("deletion meanwhile", caravan, LOAD, backend)) {
      waitsFor(stage, 2_000);
      caravan.process().kill();
      caravan.process().awaitExit(Duration.ofSeconds(10));
      Files.delete(caravan.manifests().resolve(MANIFEST));

      restart();
      awaitStatus("deleted: tracepipeline/traces has %d records".formatted(acknowledged(stage)));
      backend.network(Gate.State.OPEN);

      assertThat(stage.settle(Duration.ofSeconds(60)).getFirst()).lostNothingOf(2_000);
      awaitNothingOfIt();
    }
  }

  @Test
  void shouldBeginEmptyWhenMadeAnewAndStillDeliverTheOldRestToTheOldBackend() throws IOException {
    caravan.write(MANIFEST, Stage.pipeline("traces", backend));
    caravan.start();
    try (Stage old = new Stage("the old", caravan, LOAD, backend)) {
      waitsFor(old, 2_000);
      Files.delete(caravan.manifests().resolve(MANIFEST));
      awaitStatus("deleted: tracepipeline/traces has %d records".formatted(acknowledged(old)));
      caravan.write(MANIFEST, Stage.pipeline("traces", other));
      Awaitility.await().until(() -> status().contains(other.endpoint()));

      try (Stage anew = new Stage("the new", caravan, LOAD, other)) {
        anew.sendUntilAcknowledged(2_000);
        assertThat(anew.settle(Duration.ofSeconds(30)).getFirst()).lostNothingOf(2_000);
        // The numbers of the two stages are the same, so this is what came, and nothing beside.
        assertThat(other.arrivals().duplicates()).isZero();
        assertThat(other.arrivals().numbers().size()).isEqualTo(acknowledged(anew));
        assertThat(status()).contains("has %d records".formatted(acknowledged(old)));
        assertThat(journal())
            .contains("tracepipeline/traces: %d records".formatted(acknowledged(old)))
            .contains("tracepipeline/traces#2: 0 records");

        caravan.process().kill();
        restart();
        backend.network(Gate.State.OPEN);

        assertThat(old.settle(Duration.ofSeconds(60)).getFirst())
            .lostNothingOf(2_000)
            .duplicatedAtMost(0);
        assertThat(other.arrivals().numbers().size()).isEqualTo(acknowledged(anew));
        Awaitility.await().until(() -> !status().contains("deleted:"));
      }
    }
  }

  @Test
  void shouldDropAndCountWhatADeletedPipelineHasNotDeliveredInItsTime() throws IOException {
    caravan.write(MANIFEST, Stage.pipeline("traces", backend) + "  delivery: {onDelete: 10s}\n");
    caravan.write("other.yaml", Stage.pipeline("other", other));
    caravan.start();
    try (Stage stage = new Stage("deletion, too late", caravan, LOAD, other)) {
      waitsFor(stage, 2_000);
      Files.delete(caravan.manifests().resolve(MANIFEST));

      awaitStatus("deleted: tracepipeline/traces has %d records".formatted(acknowledged(stage)));
      caravan.process().await(Pattern.compile("event=backlog_dropped .*pipeline_deleted"), 1);

      assertThat(caravan.process().text())
          .contains(
              "event=backlog_dropped pipeline=tracepipeline/traces reason=pipeline_deleted records=%d"
                  .formatted(acknowledged(stage)));
      awaitNothingOfIt();
      assertThat(caravan.metrics().lines())
          .anyMatch(
              line ->
                  line.startsWith("caravan_pipeline_records_total{")
                      && line.contains("pipeline=\"tracepipeline/traces\"")
                      && line.contains("reason=\"pipeline_deleted\"")
                      && line.endsWith(" %d.0".formatted(acknowledged(stage))));
      assertThat(backend.arrivals().numbers().size()).isZero();
      assertThat(stage.settle(Duration.ofSeconds(30)).getFirst()).lostNothingOf(2_000);
    }
  }

  @Test
  void shouldDeliverTheBacklogToTheNewOutputAlsoWhenItChangedWhileNoProcessRan() {
    caravan.write(MANIFEST, Stage.pipeline("traces", backend));
    caravan.start();
    try (Stage stage = new Stage("another output", caravan, LOAD, other)) {
      waitsFor(stage, 2_000);
      caravan.process().kill();
      caravan.process().awaitExit(Duration.ofSeconds(10));
      caravan.write(MANIFEST, Stage.pipeline("traces", other));

      restart();

      assertThat(stage.settle(Duration.ofSeconds(60)).getFirst())
          .lostNothingOf(2_000)
          .duplicatedAtMost(0);
      assertThat(status()).doesNotContain("deleted:");
    }
  }

  /** Sends what has to wait, since the backend is away, and ends the sending. */
  private void waitsFor(Stage stage, int records) {
    backend.network(Gate.State.SHUT);
    stage.sendUntilAcknowledged(records);
    stage.finish();
  }

  private static long acknowledged(Stage stage) {
    return stage.log().acknowledged().size();
  }

  private void restart() {
    caravan.launch();
    caravan.awaitReady();
  }

  /** Five seconds after the manifest has vanished. */
  private void awaitStatus(String words) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(status()).contains(words));
  }

  private void awaitNothingOfIt() {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(() -> assertThat(status()).doesNotContain("tracepipeline/traces"));
    Matcher place =
        Pattern.compile("^tracepipeline/traces.*", Pattern.MULTILINE).matcher(journal());
    assertThat(place.find()).as("a place in the journal").isFalse();
  }

  private String status() {
    return CaravanProcess.command("status", "--data", caravan.data().toString()).text();
  }

  private String journal() {
    return CaravanProcess.command("journal", "ls", "--data", caravan.data().toString()).text();
  }
}
