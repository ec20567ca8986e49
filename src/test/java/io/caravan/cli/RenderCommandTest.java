/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RenderCommandTest {
  private static final Path SECRETS = Path.of("src/test/resources/plan/secrets");
  private static final String PIPELINE = SECRETS.resolve("in-pipeline.yaml").toString();
  private static final String SECRET = SECRETS.resolve("in-secret.yaml").toString();

  private static final String KAMELET =
      """
      apiVersion: telemetry.kyma-project.io/v1beta1
      kind: TracePipeline
      metadata:
        name: to-kamelet
      spec:
        output:
          kamelet:
            name: my-sink
      """;

  @TempDir Path folder;

  @Test
  void shouldPrintThePlanWithoutItsSecrets() {
    Answer answer = Answer.to("render", PIPELINE, SECRET);

    assertThat(answer.err()).doesNotContain("marker-");
    assertThat(answer.code()).isZero();
    assertThat(answer.out())
        .contains("pipeline: tracepipeline/demo", "condition:", "routes:", "***")
        .doesNotContain("marker-token", "marker-user", "marker-password");
  }

  @Test
  void shouldShowWhatTheKameletDeclaresOfFailures() {
    assertThat(Answer.to("render", "deploy/quickstart/trace-file.yaml").out())
        .contains(
            "\noutcomes:\n  - ",
            "exception org.apache.camel.component.file.GenericFileOperationFailedException -> retry");
  }

  @Test
  void shouldPrintTheSameForTheSame() {
    assertThat(Answer.to("render", "deploy/quickstart"))
        .isEqualTo(Answer.to("render", "deploy/quickstart"));
    assertThat(Answer.to("render", SECRET, PIPELINE).out())
        .isEqualTo(Answer.to("render", PIPELINE, SECRET).out());
  }

  @Test
  void shouldTellWhyAPipelineWouldNotRun() {
    Answer answer = Answer.to("render", PIPELINE);

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.out()).containsPattern("status: \"?False").contains("backend");
  }

  @Test
  void shouldSayWhatIsWrongBesideWhatIsRight() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "kind: [\n");

    Answer answer = Answer.to("render", "deploy/quickstart/trace-file.yaml", broken.toString());

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.err()).startsWith(broken + ":");
    assertThat(answer.out()).contains("pipeline: tracepipeline/trace-file");
  }

  @Test
  void shouldEndWithTwoWhenThereIsNoValidPipeline() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "kind: [\n");

    Answer answer = Answer.to("render", broken.toString());

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err())
        .contains(broken + ":", "caravan: there is no valid pipeline in " + broken);
  }

  @Test
  void shouldNameAKameletFolderThatIsNotThere() {
    Answer answer = Answer.to("render", "deploy/quickstart", "--kamelets", folder + "/no");

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err()).contains("there is no file or folder " + folder + "/no");
  }

  @Test
  void shouldFindKameletsInEveryFolderThatIsNamed() throws IOException {
    Path pipeline = Files.writeString(folder.resolve("pipeline.yaml"), KAMELET);
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path own = Files.createDirectory(folder.resolve("own"));
    Files.writeString(
        own.resolve("my-sink.kamelet.yaml"),
        Files.readString(Path.of("kamelets/console-sink.kamelet.yaml"))
            .replace("console-sink", "my-sink"));

    assertThat(Answer.to("render", pipeline.toString()).code()).isEqualTo(ExitCode.FAILURE);
    assertThat(
            Answer.to(
                    "render",
                    pipeline.toString(),
                    "--kamelets",
                    empty.toString(),
                    "--kamelets",
                    own.toString())
                .code())
        .isZero();
  }
}
