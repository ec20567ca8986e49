/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static io.caravan.standalone.StandaloneFixture.GRACE;
import static io.caravan.standalone.StandaloneFixture.QUIET;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What becomes of files that are written, moved and removed under a running process. */
@Isolated("it reads the log of the program")
class FolderChangesTest {
  private static final Duration ALMOST = Duration.ofMillis(1);

  @TempDir private Path folder;
  private StandaloneFixture process;

  @BeforeEach
  void startWithOnePipeline() throws Exception {
    Files.writeString(folder.resolve("demo.yaml"), Yaml.pipeline("demo", "one"));
    process = new StandaloneFixture(folder).start();
    process.told();
  }

  @AfterEach
  void close() {
    process.close();
  }

  @Test
  void shouldTakeAChangeWhenItHasBeenQuietForTheQuietTimeAndNotBefore() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "two"));

    assertThat(process.look()).isEqualTo(QUIET);
    process.lookAfter(QUIET.minus(ALMOST));
    assertThat(process.destination("demo"))
        .hasValueSatisfying(to -> assertThat(to).contains("one"));

    process.lookAfter(ALMOST);
    assertThat(process.destination("demo"))
        .hasValueSatisfying(to -> assertThat(to).contains("two"));
    assertThat(process.told()).singleElement().asString().startsWith("Pipeline changed");
  }

  @Test
  void shouldNotReadAHalfWrittenFile() throws Exception {
    String text = Yaml.pipeline("demo", "two");
    for (int end = 10; end < text.length(); end += 60) {
      process.write("demo.yaml", text.substring(0, end));
      process.lookAfter(QUIET.minus(ALMOST));
    }
    process.write("demo.yaml", text);
    process.settle();

    assertThat(process.reads).containsExactly("demo.yaml", "demo.yaml");
    assertThat(process.plane.plans).hasSize(2);
    assertThat(process.told()).singleElement().asString().startsWith("Pipeline changed");
  }

  @Test
  void shouldNotTakeWhatHasChangedWhileItWasRead() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "half"));
    process.look();
    process.whileReading = () -> rewrite("demo.yaml", Yaml.pipeline("demo", "whole"));

    assertThat(process.lookAfter(QUIET)).isEqualTo(QUIET);
    assertThat(process.plane.plans).hasSize(1);

    process.settle();
    assertThat(process.destination("demo"))
        .hasValueSatisfying(to -> assertThat(to).contains("whole"));
  }

  @Test
  void shouldRemoveWhatVanishesAfterItHasChangedWhileItWasRead() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "half"));
    process.look();
    process.whileReading = () -> rewrite("demo.yaml", Yaml.pipeline("demo", "whole"));
    process.lookAfter(QUIET);

    process.delete("demo.yaml");
    process.expire();

    assertThat(process.told()).containsExactly("Pipeline removed pipeline=tracepipeline/demo");
  }

  @Test
  void shouldTakeAFileThatIsRenamedOverTheOldOneWithoutAMomentBetween() throws Exception {
    Path fresh = process.write("demo.yaml.tmp", Yaml.pipeline("demo", "two"));
    process.settle();
    Files.move(fresh, folder.resolve("demo.yaml"), ATOMIC_MOVE);
    process.settle();

    assertThat(process.reads).containsExactly("demo.yaml", "demo.yaml");
    assertThat(process.plane.plans).hasSize(2).allMatch(plan -> plan.pipelines().size() == 1);
    assertThat(process.told()).singleElement().asString().startsWith("Pipeline changed");
  }

  @Test
  void shouldDoNothingWhenAFileIsRewrittenWithWhatItHolds() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.settle();

    assertThat(process.reads).hasSize(2);
    assertThat(process.plane.plans).hasSize(1);
    assertThat(process.told()).isEmpty();
  }

  @Test
  void shouldDeleteWhatIsGoneAfterTheGraceAndNotBefore() throws Exception {
    process.delete("demo.yaml");

    process.look();
    process.lookAfter(GRACE.minus(ALMOST));
    assertThat(process.destination("demo")).isPresent();
    assertThat(process.told()).isEmpty();

    process.lookAfter(ALMOST);
    assertThat(process.destination("demo")).isEmpty();
    assertThat(process.told()).containsExactly("Pipeline removed pipeline=tracepipeline/demo");
  }

  @Test
  void shouldTakeComingBackWithinTheGraceForNothingAtAll() throws Exception {
    process.delete("demo.yaml");
    process.look();
    process.lookAfter(GRACE.minusMillis(500));
    process.write("demo.yaml", Yaml.pipeline("demo", "one"));
    process.settle();
    process.lookAfter(GRACE.multipliedBy(2));

    assertThat(process.plane.plans).hasSize(1);
    assertThat(process.told()).isEmpty();
  }

  @Test
  void shouldKeepWhatComesBackWrongWithinTheGrace() throws Exception {
    process.delete("demo.yaml");
    process.look();
    process.write("demo.yaml", Yaml.wrongPipeline("demo"));
    process.settle();
    process.lookAfter(GRACE.multipliedBy(2));

    assertThat(process.plane.plans).hasSize(1);
    assertThat(process.told()).singleElement().asString().contains("demo.yaml:10:");
  }

  @Test
  void shouldMoveAPipelineToAnotherFileWithoutADrop() throws Exception {
    Files.move(folder.resolve("demo.yaml"), folder.resolve("other.yaml"));
    process.settle();
    process.lookAfter(GRACE.multipliedBy(2));

    assertThat(process.plane.plans).hasSize(1);
    assertThat(process.told()).isEmpty();
  }

  @Test
  void shouldNotBeStoppedByAClockThatIsSetBack() throws Exception {
    process.write("demo.yaml", Yaml.pipeline("demo", "two"));
    process.look();
    process.lookAfter(Duration.ofHours(-1));
    process.lookAfter(QUIET);

    assertThat(process.destination("demo"))
        .hasValueSatisfying(to -> assertThat(to).contains("two"));

    process.delete("demo.yaml");
    process.look();
    process.lookAfter(Duration.ofHours(-1));
    process.lookAfter(GRACE);

    assertThat(process.destination("demo")).isEmpty();
  }

  private void rewrite(String name, String text) {
    try {
      process.write(name, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
