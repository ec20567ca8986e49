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
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {
  private static final Path VALID = Path.of("src/test/resources/io/caravan/api/valid");

  private static final String TWO_ERRORS =
      """
      apiVersion: telemetry.kyma-project.io/v1beta1
      kind: TracePipeline
      metadata:
        name: bad
      spec:
        output:
          otlp:
            protocol: grcp
            endpont:
              value: http://localhost:4317
      """;

  @TempDir Path folder;

  @Test
  void shouldPassTheManifestsOfThePredecessorAsTheyAre() {
    Answer answer = Answer.to("validate", VALID.toString());

    assertThat(answer.code()).isZero();
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out())
        .contains("warning: ")
        .containsPattern("[0-9]+ valid, 0 errors, [0-9]+ warnings");
  }

  @Test
  void shouldPrintEveryFindingOfEveryFileWithItsPlace() throws IOException {
    Path first = Files.writeString(folder.resolve("a.yaml"), TWO_ERRORS);
    Path second = Files.writeString(folder.resolve("b.yaml"), "kind: [\n");
    Files.copy(VALID.resolve("tracepipelines.yaml"), folder.resolve("c.yaml"));

    Answer answer = Answer.to("validate", folder.toString());

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out())
        .containsPattern("(?m)^" + first + ":8:[0-9]+: spec.output.otlp.protocol: .*grcp.*grpc")
        .containsPattern("(?m)^" + first + ":9:[0-9]+: spec.output.otlp.*endpont.*endpoint")
        .containsPattern("(?m)^" + second + ":[0-9]+:[0-9]+: ")
        .containsPattern("(?m)^[1-9][0-9]* valid, [3-9] errors, [0-9]+ warnings$");
  }

  @Test
  void shouldCheckPropertiesByTheSchemaOfTheirKamelet() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.yaml"),
            """
            apiVersion: telemetry.kyma-project.io/v1beta1
            kind: TracePipeline
            metadata: {name: demo}
            spec:
              output: {kamelet: {name: file-sink, properties: {filename: spans}}}
            """);

    Answer answer = Answer.to("validate", file.toString());

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.out())
        .containsPattern(
            "(?m)^" + file + ":1:1: spec.output.kamelet.properties.filename: .*'fileName'")
        .contains("0 valid, 1 errors");
  }

  @Test
  void shouldPassAPipelineThatThisVersionDoesNotRunYetAndSaySo() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("a.yaml"),
            """
            apiVersion: telemetry.kyma-project.io/v1beta1
            kind: TracePipeline
            metadata: {name: demo}
            spec:
              filter: [{conditions: ['true']}]
              output: {otlp: {endpoint: {value: "http://localhost:4317"}}}
            """);

    Answer answer = Answer.to("validate", file.toString());

    assertThat(answer.code()).isZero();
    assertThat(answer.out()).contains("warning: " + file + ":1:1: ").contains("spec.filter");
  }

  @Test
  void shouldReadFilesAndFoldersTogether() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), TWO_ERRORS);

    Answer answer = Answer.to("validate", VALID.toString(), file.toString());

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.out()).contains("a.yaml:8:");
  }

  @Test
  void shouldNameEveryPathThatIsNotThere() {
    Answer answer = Answer.to("validate", VALID.toString(), folder + "/no", "-");

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err())
        .isEqualToIgnoringNewLines("caravan: there is no file or folder " + folder + "/no, -");
  }

  @Test
  void shouldSayThatAFolderHoldsNoManifest() throws IOException {
    Files.writeString(folder.resolve("readme.txt"), "kind: TracePipeline");

    Answer answer = Answer.to("validate", folder.toString());

    assertThat(answer.code()).isEqualTo(ExitCode.USAGE);
    assertThat(answer.err()).contains("there is no manifest in " + folder);
  }

  @Test
  void shouldReportWhatIsNoText() throws IOException {
    Path file = Files.write(folder.resolve("a.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    Answer answer = Answer.to("validate", file.toString());

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.out())
        .contains(file + ": is not text in UTF-8")
        .contains("0 valid, 1 errors");
  }

  @Test
  @EnabledOnOs(OS.LINUX) // has a file that is there and that not even root can read
  void shouldReportAFileThatCannotBeRead() {
    Answer answer =
        Answer.to("validate", "/proc/self/mem", VALID.resolve("telemetry.yaml").toString());

    assertThat(answer.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(answer.out())
        .contains("/proc/self/mem: cannot be read: ")
        .containsPattern("[1-9] valid, 1 errors");
  }
}
