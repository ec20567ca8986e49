/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static io.caravan.standalone.StandaloneFixture.GRACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.api.Remainder;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A pipeline whose manifest is gone goes on with what it has, also in the next process. */
@Isolated("it reads the log of the program")
class DeletedPipelineTest {
  private static final PipelineId DEMO = new PipelineId(PipelineKind.TRACE, "demo");
  private static final PipelineId SECOND = new PipelineId(PipelineKind.TRACE, "demo", "2");

  @TempDir private Path folder;
  @TempDir private Path data;
  private StandaloneFixture process;

  @BeforeEach
  void createProcess() throws Exception {
    process = new StandaloneFixture(PipelineLives.in(file()), folder);
  }

  @AfterEach
  void close() {
    process.close();
  }

  @Test
  void shouldGoOnWithItsLastVersionUntilNothingIsLeft() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();
    final PipelineRoutes ran = planned(DEMO).routes().orElseThrow();

    delete("demo.yaml");

    assertThat(planned(DEMO).routes()).contains(ran);
    assertThat(planned(DEMO).deletedAt()).contains(process.clock.instant());
    assertThat(planned(DEMO).deliversUntil())
        .contains(process.clock.instant().plus(Duration.ofMinutes(10)));
    assertThat(process.standalone().standings()).isEmpty();
    assertThat(process.told()).anyMatch(line -> line.startsWith("Pipeline removed"));
    assertThat(deletedInStatus())
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.path("pipeline").asText()).isEqualTo("tracepipeline/demo");
              assertThat(one.path("records").asLong()).isEqualTo(7);
              assertThat(one.path("delivers").asText()).contains("http://one:4317");
            });

    process.plane.remainders.clear();
    process.look();

    assertThat(process.plane.plans.getLast().pipelines()).isEmpty();
    assertThat(deletedInStatus()).isEmpty();
  }

  @Test
  void shouldKeepTheCredentialsThatVanishTogetherWithIt() throws Exception {
    process.writePrivately("secret.yaml", Yaml.secret("backend", "http://one:4317"));
    process.write("demo.yaml", Yaml.pipelineBySecret("demo", "backend"));
    process.start();

    process.delete("secret.yaml");
    delete("demo.yaml");

    assertThat(
            Objects.requireNonNull(planned(DEMO).routes().orElseThrow().values().get("endpoint"))
                .text())
        .isEqualTo("http://one:4317");
  }

  @Test
  void shouldTellAnotherOfItsNameFromTheOneThatIsDeleted() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();
    delete("demo.yaml");

    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.settle();

    PipelineRoutes before = planned(DEMO).routes().orElseThrow();
    PipelineRoutes now = planned(SECOND).routes().orElseThrow();
    assertThat(planned(DEMO).deletedAt()).isPresent();
    assertThat(planned(SECOND).deletedAt()).isEmpty();
    assertThat(now.routeId()).as("both are loaded at once").isNotEqualTo(before.routeId());
    assertThat(SECOND.place()).isEqualTo("tracepipeline/demo#2");
    assertThat(process.running("demo")).isEqualTo(now.digest());

    // It stays the second when the first is at its end, and so finds its place again.
    process.plane.remainders.clear();
    process.look();
    restart();
    process.start();
    assertThat(process.plane.plans.getLast().pipelines())
        .singleElement()
        .satisfies(one -> assertThat(one.id()).isEqualTo(SECOND));
  }

  @Test
  void shouldGoOnAfterARestartWithTheTimeThatIsLeft() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();
    final PipelineRoutes ran = planned(DEMO).routes().orElseThrow();
    delete("demo.yaml");
    final Instant deletedAt = process.clock.instant();

    restart();
    process.clock.advance(Duration.ofMinutes(3));
    process.start();

    assertThat(planned(DEMO).deletedAt()).contains(deletedAt);
    assertThat(planned(DEMO).routes()).contains(ran);
    assertThat(process.standalone().standings()).isEmpty();
  }

  @Test
  void shouldNoticeAtStartThatItWasDeletedMeanwhile() throws Exception {
    process.write("kamelet.yaml", Yaml.kamelet("own-sink", "log:own"));
    process.write("demo.yaml", Yaml.pipelineThrough("demo", "own-sink"));
    process.start();
    final PipelineRoutes ran = planned(DEMO).routes().orElseThrow();

    process.close();
    process.delete("demo.yaml");
    process.delete("kamelet.yaml");
    restart();
    process.clock.advance(Duration.ofHours(3));
    process.start();

    assertThat(planned(DEMO).deletedAt()).contains(process.clock.instant());
    assertThat(planned(DEMO).routes()).as("with the Kamelet that it had").contains(ran);
  }

  @Test
  void shouldSayThatTheCredentialsAreGoneAndGoOnWhenTheyAreBack() throws Exception {
    process.writePrivately("secret.yaml", Yaml.secret("backend", "http://one:4317"));
    process.write("demo.yaml", Yaml.pipelineBySecret("demo", "backend"));
    process.start();
    assertThat(Files.readString(file())).contains("secretKeyRef").doesNotContain("http://one:4317");
    delete("demo.yaml");
    process.delete("secret.yaml");
    process.expire();

    restart();
    process.start();

    assertThat(planned(DEMO).routes()).isEmpty();
    assertThat(process.told())
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("Deleted pipeline cannot deliver what it has")
                    .contains("backend"));
    assertThat(deletedInStatus().getFirst().path("trouble").asText()).contains("backend");

    process.writePrivately("secret.yaml", Yaml.secret("backend", "http://two:4317"));
    process.settle();

    assertThat(
            Objects.requireNonNull(planned(DEMO).routes().orElseThrow().values().get("endpoint"))
                .text())
        .isEqualTo("http://two:4317");
  }

  @Test
  void shouldNotTakeAManifestThatIsWrongAtStartForADeletion() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();

    process.close();
    process.write("demo.yaml", Yaml.wrongPipeline("demo"));
    restart();
    process.start();

    assertThat(planned(DEMO).deletedAt()).isEmpty();
    assertThat(process.destination("demo")).hasValue("otlp-grpc-sink to http://one:4317");
    assertThat(process.told()).anyMatch(line -> line.startsWith("Manifest is wrong"));
  }

  @Test
  void shouldNotTakeAFolderThatCannotBeListedAtStartForADeletion() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();
    process.close();
    Path away = folder.resolveSibling(folder.getFileName() + "-away");
    Files.move(folder, away);
    try {
      restart();
      process.start();

      assertThat(planned(DEMO).deletedAt()).isEmpty();
      assertThat(process.destination("demo")).isPresent();
    } finally {
      Files.move(away, folder);
    }
  }

  @Test
  void shouldTellThatItsRoutesDoNotLoadAnyMore() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();
    delete("demo.yaml");

    restart();
    process.plane.refused.add("otlp-grpc-sink to http://one:4317");
    process.start();

    assertThat(process.told())
        .anyMatch(line -> line.startsWith("Deleted pipeline cannot deliver what it has"));
    assertThat(deletedInStatus().getFirst().path("trouble").asText()).contains("no such component");
  }

  @Test
  void shouldRememberNothingOfAProcessThatDidNotStart() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();
    process.close();
    process.delete("demo.yaml");
    restart();

    process.standalone().begin();

    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    restart();
    process.start();
    assertThat(planned(DEMO).deletedAt()).isEmpty();
  }

  @Test
  void shouldKeepWhatItRemembersFromOthers() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();

    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }

  @Test
  void shouldRunWithoutMemoryWhileItsFileCannotBeWritten() throws Exception {
    Files.createDirectory(data.resolve("pipelines.json.next"));
    Files.createFile(data.resolve("pipelines.json.next").resolve("in-the-way"));
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();

    assertThat(process.destination("demo")).isPresent();
    process.look();
    assertThat(process.told())
        .filteredOn(line -> line.startsWith("Pipelines cannot be remembered"))
        .hasSize(1);

    Files.delete(data.resolve("pipelines.json.next").resolve("in-the-way"));
    process.look();
    assertThat(file()).content().contains("TracePipeline");
  }

  @Test
  void shouldSayWhatIsWrongWithAFileThatItCannotUnderstand() throws Exception {
    Files.writeString(file(), "{\"format\": 2}");
    assertThatThrownBy(() -> PipelineLives.in(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("format is 2");

    Files.writeString(file(), "{\"format\": 1, \"pipelines\": [{\"kind\": \"Pipe\"}]}");
    assertThatThrownBy(() -> PipelineLives.in(file()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("kind is 'Pipe'");
  }

  private Path file() {
    return data.resolve("pipelines.json");
  }

  /** The pipeline has seven records left when it is deleted. */
  private void delete(String name) throws IOException {
    process.plane.remainders.put(DEMO, new Remainder(Instant.EPOCH, 7, 700));
    process.delete(name);
    process.look();
    process.lookAfter(GRACE);
  }

  /** Another process over the same folders, at the same time, with the same left. */
  private void restart() throws IOException {
    process.close();
    StandaloneFixture next = new StandaloneFixture(PipelineLives.in(file()), folder);
    next.clock.advance(Duration.between(next.clock.instant(), process.clock.instant()));
    next.plane.remainders.put(DEMO, new Remainder(Instant.EPOCH, 7, 700));
    process = next;
  }

  private PipelinePlan planned(PipelineId id) {
    return process.plane.plans.getLast().pipelines().stream()
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private List<JsonNode> deletedInStatus() {
    List<JsonNode> elements = new ArrayList<>();
    process.standalone().status().path("deleted").forEach(elements::add);
    return elements;
  }
}
