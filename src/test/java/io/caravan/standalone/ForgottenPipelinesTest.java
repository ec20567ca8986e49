/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.plan.PipelinePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody has deleted pipelines.json, and the journal has data of pipelines. */
class ForgottenPipelinesTest {
  private static final PipelineId DEMO = id("");
  private static final PipelineId TENTH = id("10");

  @TempDir private Path folder;
  @TempDir private Path data;

  @SuppressWarnings("NullAway.Init") // set by start
  private StandaloneFixture process;

  @AfterEach
  void close() {
    process.close();
  }

  @Test
  void shouldSayThatWhatWaitsGoesToThePipelineThatHasTheNameNow() throws Exception {
    start(Map.of(DEMO, 7L));

    assertThat(planned()).containsExactly(DEMO);
    assertThat(takenOver())
        .singleElement()
        .asString()
        .contains("pipeline=tracepipeline/demo", "records=7");
    process.look();
    assertThat(takenOver()).isEmpty();
  }

  @Test
  void shouldTakeThePipelineForTheOneThatHadItsNameLast() throws Exception {
    start(Map.of(DEMO, 7L, id("9"), 1L, TENTH, 2L));

    assertThat(planned()).containsExactly(TENTH);
    assertThat(takenOver()).singleElement().asString().contains("records=2");
  }

  @Test
  void shouldGiveNoIdAgainUnderWhichDataMayBeThere() throws Exception {
    start(Map.of(DEMO, 7L, TENTH, 2L));

    process.delete("demo.yaml");
    process.expire();
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.settle();

    assertThat(planned()).doesNotContain(DEMO).contains(id("2"));
  }

  @Test
  void shouldSayNothingWhereNothingWaits() throws Exception {
    start(Map.of(DEMO, 0L));

    assertThat(takenOver()).isEmpty();
  }

  @Test
  void shouldSayNothingAndKnowThemWhereTheFileIsThere() throws Exception {
    start(Map.of());
    process.close();
    assertThat(Files.exists(file())).isTrue();

    start(Map.of(DEMO, 7L, TENTH, 2L));

    assertThat(planned()).containsExactly(DEMO);
    assertThat(takenOver()).isEmpty();
  }

  private Path file() {
    return data.resolve("pipelines.json");
  }

  private void start(Map<PipelineId, Long> waiting) throws Exception {
    process = new StandaloneFixture(PipelineLives.in(file(), waiting), folder);
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.start();
  }

  private List<PipelineId> planned() {
    return process.plane.plans.getLast().pipelines().stream().map(PipelinePlan::id).toList();
  }

  private List<String> takenOver() {
    return process.told().stream().filter(line -> line.startsWith("pipelines.json")).toList();
  }

  private static PipelineId id(String uid) {
    return new PipelineId(PipelineKind.TRACE, "demo", uid);
  }
}
