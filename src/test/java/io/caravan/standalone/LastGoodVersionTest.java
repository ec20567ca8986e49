/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static io.caravan.standalone.StandaloneFixture.GRACE;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What is wrong is told with its place, and costs nothing that runs. */
@Isolated("it reads the log of the program")
class LastGoodVersionTest {
  @TempDir private Path folder;
  private StandaloneFixture process;

  @BeforeEach
  void createProcess() throws Exception {
    process = new StandaloneFixture(folder);
  }

  @AfterEach
  void close() {
    process.close();
  }

  private List<String> start() throws Exception {
    process.start();
    return process.told();
  }

  private void assertRunsOn(String pipeline, String destination) {
    assertThat(process.destination(pipeline))
        .hasValueSatisfying(to -> assertThat(to).contains(destination));
    assertThat(process.running(pipeline)).matches("[0-9a-f]{12}");
  }

  @Test
  void shouldReportAnInvalidChangeWithFileAndLineAndKeepTheLastGoodVersion() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    start();

    process.write("demo.yaml", Yaml.wrongPipeline("demo"));
    process.settle();

    assertThat(process.told())
        .singleElement()
        .asString()
        .startsWith("Manifest is wrong")
        .contains("/demo.yaml:10:", "spec.output.otlp.protocol");
    assertRunsOn("demo", "one");
    assertThat(process.plane.plans).hasSize(1);

    process.settle();
    process.lookAfter(GRACE);
    assertThat(process.told()).as("told once").isEmpty();
    assertThat(process.standalone().findings()).hasSize(1);
  }

  @Test
  void shouldTakeTheGoodResourcesOfAFileOfWhichOneIsBad() throws Exception {
    process.write(
        "all.yaml", Yaml.together(Yaml.pipeline("good", "one"), Yaml.pipeline("bad", "one")));
    start();

    process.write(
        "all.yaml", Yaml.together(Yaml.pipeline("good", "two"), Yaml.wrongPipeline("bad")));
    process.settle();
    process.lookAfter(GRACE.multipliedBy(2));

    assertRunsOn("good", "two");
    assertRunsOn("bad", "one");
    assertThat(process.told())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("Manifest is wrong").contains("all.yaml:20:"),
            line -> assertThat(line).startsWith("Pipeline changed").contains("good"));
  }

  @Test
  void shouldKeepAllThatAFileHeldWhichIsNoYamlAnyMore() throws Exception {
    process.write(
        "all.yaml", Yaml.together(Yaml.pipeline("first", "one"), Yaml.pipeline("last", "one")));
    start();

    process.write("all.yaml", Yaml.pipeline("first", "two") + "---\nkind: [");
    process.settle();
    process.lookAfter(GRACE.multipliedBy(2));

    assertRunsOn("last", "one");
    assertThat(process.told()).filteredOn(line -> line.contains("all.yaml:1")).hasSize(1);
    assertThat(process.told()).isEmpty();
  }

  @Test
  void shouldStartTheOthersWhenOneManifestIsBad() throws Exception {
    process.write("bad.yaml", Yaml.wrongPipeline("bad"));
    process.write("good.yaml", Yaml.pipeline("good", "one"));
    process.write("torn.yaml", "kind: [");

    List<String> told = start();

    assertRunsOn("good", "one");
    assertThat(told)
        .satisfiesExactly(
            line -> assertThat(line).contains("/bad.yaml:10:"),
            line -> assertThat(line).contains("/torn.yaml:"));
  }

  @Test
  void shouldKeepAPipelineWhoseSecretIsWrongAndThenGone() throws Exception {
    process.write("demo.yaml", Yaml.pipelineBySecret("demo", "backend"));
    process.writePrivately("secret.yaml", Yaml.secret("backend", "http://one:4317"));
    assertThat(start()).isEmpty();
    String digest = process.running("demo");

    process.writePrivately("secret.yaml", Yaml.secret("backend", "[1]"));
    process.settle();
    assertThat(process.told()).singleElement().asString().contains("/secret.yaml:6:");
    assertThat(process.plane.plans).hasSize(1);

    process.delete("secret.yaml");
    process.expire();
    assertThat(process.told())
        .singleElement()
        .asString()
        .startsWith("Pipeline's new version does not run, the last good one goes on")
        .contains("backend", digest);
    assertThat(process.running("demo")).isEqualTo(digest);
    process.settle();
    assertThat(process.told()).as("told once").isEmpty();

    process.writePrivately("secret.yaml", Yaml.secret("backend", "http://one:4317"));
    process.settle();
    assertThat(process.told())
        .containsExactly("Pipeline is in order again pipeline=tracepipeline/demo digest=" + digest);
    assertThat(process.running("demo")).isEqualTo(digest);
  }

  @Test
  void shouldApplyAChangedDeliveryToTheVersionThatRuns() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    start();
    String digest = process.running("demo");

    process.write("demo.yaml", Yaml.pipeline("demo", "one") + Yaml.delivery("1h"));
    process.settle();

    assertThat(bufferAges()).containsExactly(Duration.ofHours(24), Duration.ofHours(1));
    assertThat(process.running("demo")).isEqualTo(digest);
  }

  @Test
  void shouldKeepTheDeliveryOfTheVersionThatGoesOn() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one") + Yaml.delivery("1h"));
    start();

    process.write("demo.yaml", Yaml.pipelineBySecret("demo", "absent") + Yaml.delivery("2h"));
    process.settle();
    assertRunsOn("demo", "one");
    assertThat(bufferAges()).containsOnly(Duration.ofHours(1));

    process.write("demo.yaml", Yaml.pipeline("demo", "two") + Yaml.delivery("2h"));
    process.settle();
    assertRunsOn("demo", "two");
    assertThat(bufferAges()).last().isEqualTo(Duration.ofHours(2));
  }

  /** Of the only pipeline, in every plan that was to be run. */
  private List<Duration> bufferAges() {
    return process.plane.plans.stream()
        .map(plan -> plan.pipelines().getFirst().delivery().buffer().age())
        .toList();
  }

  @Test
  void shouldChangeThePipelinesThatUseAChangedSecretAndNoOthers() throws Exception {
    process.write("demo.yaml", Yaml.pipelineBySecret("demo", "backend"));
    process.write("other.yaml", Yaml.pipeline("other", "one"));
    process.writePrivately("secret.yaml", Yaml.secret("backend", "http://one:4317"));
    start();
    String demo = process.running("demo");
    String other = process.running("other");

    process.writePrivately("secret.yaml", Yaml.secret("backend", "http://two:4317"));
    process.settle();

    assertThat(process.running("demo")).isNotEqualTo(demo);
    assertThat(process.running("other")).isEqualTo(other);
    assertThat(process.told()).singleElement().asString().startsWith("Pipeline changed");
  }

  @Test
  void shouldKeepAPipelineWhoseKameletBreaksAndThenVanishes() throws Exception {
    process.write("demo.yaml", Yaml.pipelineThrough("demo", "mine-sink"));
    process.write("mine.yaml", Yaml.kamelet("mine-sink", "log:one"));
    assertThat(start()).isEmpty();
    String digest = process.running("demo");

    process.write(
        "mine.yaml",
        "apiVersion: camel.apache.org/v1\nkind: Kamelet\nmetadata: {name: mine-sink}\nspec: {}\n");
    process.settle();
    assertThat(process.told()).singleElement().asString().startsWith("Pipeline's new version does");
    assertThat(process.running("demo")).isEqualTo(digest);

    process.delete("mine.yaml");
    process.expire();
    assertThat(process.told()).singleElement().asString().startsWith("Pipeline's new version does");
    assertThat(process.running("demo")).isEqualTo(digest);

    process.write("mine.yaml", Yaml.kamelet("mine-sink", "log:two"));
    process.settle();
    assertThat(process.running("demo")).isNotEqualTo(digest);
    assertThat(process.told()).singleElement().asString().startsWith("Pipeline changed");
  }

  @Test
  void shouldTakeKameletsOfTheirOwnFolderAndPreferThemToShippedOnes(@TempDir Path kamelets)
      throws Exception {
    process.close();
    process = new StandaloneFixture(folder, kamelets);
    process.write("demo.yaml", Yaml.pipelineThrough("demo", "mine-sink"));
    process.write("shipped.yaml", Yaml.pipelineThrough("shipped", "console-sink"));
    process.write(kamelets.resolve("mine-sink.kamelet.yaml"), Yaml.kamelet("mine-sink", "log:one"));
    start();
    String demo = process.running("demo");
    String shipped = process.running("shipped");

    process.write(kamelets.resolve("mine-sink.kamelet.yaml"), Yaml.kamelet("mine-sink", "log:two"));
    process.settle();
    assertThat(process.running("demo")).isNotIn(demo, "nothing");
    assertThat(process.running("shipped")).isEqualTo(shipped);

    process.write(kamelets.resolve("console.yaml"), Yaml.kamelet("console-sink", "log:mine"));
    process.settle();
    assertThat(process.running("shipped")).isNotIn(shipped, "nothing");

    Files.delete(kamelets.resolve("console.yaml"));
    process.expire();
    assertThat(process.running("shipped")).isEqualTo(shipped);
  }

  @Test
  void shouldNameBothFilesOfOneNameAndKeepWhatRuns() throws Exception {
    process.write("a.yaml", Yaml.pipeline("demo", "one"));
    start();

    process.write("b.yaml", Yaml.pipeline("demo", "two"));
    process.settle();
    process.lookAfter(GRACE.multipliedBy(2));

    assertThat(process.told())
        .singleElement()
        .asString()
        .startsWith("Manifest is wrong")
        .contains("TracePipeline demo", "/a.yaml:1:1", "/b.yaml:1:1");
    assertRunsOn("demo", "one");

    process.delete("a.yaml");
    process.settle();
    assertRunsOn("demo", "two");
    assertThat(process.plane.plans).hasSize(2).allMatch(plan -> plan.pipelines().size() == 1);
    assertThat(process.told()).singleElement().asString().startsWith("Pipeline changed");
  }

  @Test
  void shouldTakeNoneOfTwoVersionsThatAreThereFromTheStart() throws Exception {
    process.write("a.yaml", Yaml.pipeline("demo", "one"));
    process.write("b.yaml", Yaml.pipeline("demo", "two"));

    assertThat(start()).singleElement().asString().contains("/a.yaml:1:1", "/b.yaml:1:1");
    assertThat(process.destination("demo")).isEmpty();

    process.delete("b.yaml");
    process.settle();
    assertRunsOn("demo", "one");
  }

  @Test
  void shouldNotTakeTheOtherVersionWhenOneOfTwoBreaks() throws Exception {
    process.write("a.yaml", Yaml.pipeline("demo", "one"));
    start();
    process.write("b.yaml", Yaml.pipeline("demo", "two"));
    process.settle();

    process.write("a.yaml", Yaml.wrongPipeline("demo"));
    process.settle();
    assertRunsOn("demo", "one");

    process.write("a.yaml", "kind: [");
    process.settle();
    assertRunsOn("demo", "one");
    assertThat(process.told()).last().asString().contains("/a.yaml and ", "/b.yaml:1:1");

    process.write("a.yaml", "# moved to b.yaml\n");
    process.settle();
    assertRunsOn("demo", "two");
  }

  @Test
  void shouldReportANameThatIsTwiceInOneFileAndKeepWhatRuns() throws Exception {
    process.write("a.yaml", Yaml.pipeline("demo", "one"));
    start();

    process.write(
        "a.yaml", Yaml.together(Yaml.pipeline("demo", "two"), Yaml.pipeline("demo", "three")));
    process.settle();
    process.lookAfter(GRACE.multipliedBy(2));

    assertRunsOn("demo", "one");
    assertThat(process.told()).singleElement().asString().contains("a.yaml:14:9:", "a.yaml:4:9;");
  }

  @Test
  void shouldKeepTheVersionThatRunsWhenTheNewOneDoesNotLoad() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    start();
    String digest = process.running("demo");
    process.plane.refused.add("otlp-grpc-sink to http://two:4317");

    process.write("demo.yaml", Yaml.pipeline("demo", "two"));
    process.settle();
    assertThat(process.told())
        .singleElement()
        .asString()
        .startsWith("Pipeline's new version does not run")
        .contains("no such component", digest);
    process.settle();
    assertThat(process.told()).as("told once").isEmpty();
    assertThat(process.standalone().standings()).noneMatch(Standing::healthy);

    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.settle();
    assertThat(process.told()).singleElement().asString().startsWith("Pipeline is in order again");
  }
}
