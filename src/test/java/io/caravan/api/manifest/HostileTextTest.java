/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the text: an answer in bounded time, and no exception. */
final class HostileTextTest {

  private static final long SEED = 4711;
  private static final Duration BOUND = Duration.ofSeconds(20);
  private static final String ALPHABET = "{}[]:,-?&*!|>'\"%@`#<~\t\n \u0000\uFEFF\uD800aé0.e_\\/";

  private static Stream<String> texts() {
    return Stream.of(
        "",
        " \n\n",
        "---\n---\n",
        "# only a comment\n",
        "null",
        "42",
        "[]",
        "{}",
        "kind: []\napiVersion: {}\n",
        "apiVersion: v1\nkind: List\nitems: [1, null, [], {}]\n",
        "apiVersion: v1\nkind: Secret\nmetadata: [a]\n",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: '***', b: 1, c: [], d: null}\nstringData: x\n",
        "apiVersion: camel.apache.org/v1\nkind: Kamelet\nmetadata: {name: 5}\n",
        "apiVersion: telemetry.kyma-project.io/v1beta1\nkind: LogPipeline\n",
        "apiVersion: telemetry.kyma-project.io/v1beta1\nkind: LogPipeline\nmetadata: {name: x}\nspec: []\n",
        "apiVersion: telemetry.kyma-project.io/v1beta1\nkind: LogPipeline\nmetadata: {name: x}\nspec: {input: 1, output: {otlp: [], kamelet: 3}}\n",
        "apiVersion: telemetry.kyma-project.io/v1beta1\nkind: MetricPipeline\nmetadata: {name: x, labels: [1], annotations: {a: 1}}\nspec: {input: {runtime: {enabled: true, resources: 5}}, output: null}\n",
        "%YAML 9.9\n---\na: 1\n",
        "%TAG ! tag:evil,2000:\n--- !x {a: 1}\n",
        "!!java.lang.ProcessBuilder [ls]\n",
        "a: !!binary x\nb: !!set {c}\n",
        "? \n: x\n",
        "'".repeat(10_000),
        "[".repeat(100_000),
        "{a: ".repeat(50_000),
        "- ".repeat(100_000),
        "&a ".repeat(1_000) + "x",
        "a: &x " + "[*x, ".repeat(50),
        "9".repeat(1_000_000),
        "a: 0x" + "f".repeat(100_000),
        "apiVersion: telemetry.kyma-project.io/v1beta1\nkind: "
            + "LogPipeline".repeat(10_000)
            + "\n",
        "apiVersion: telemetry.kyma-project.io/v1beta1\nkind: TracePipeline\nmetadata: {name: "
            + "a.".repeat(5_000)
            + "!}\n",
        "\uD800",
        "x".repeat(9 * 1024 * 1024));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void shouldAnswerWithFindings(String text) {
    Manifests manifests =
        Assertions.assertTimeoutPreemptively(BOUND, () -> ManifestReader.read(text, "f.yaml"));

    assertThat(manifests.findings()).isNotEmpty();
    assertThat(manifests.pipelines()).isEmpty();
    assertThat(manifests.findings()).allMatch(finding -> finding.toString().length() < 2_000);
  }

  @Test
  void shouldAnswerWhereverAFileIsCutOff() throws IOException {
    String text =
        Files.readString(Path.of("src/test/resources/io/caravan/api/valid/logpipelines-otlp.yaml"));

    for (int end = 0; end < text.length(); end += 7) {
      String cut = text.substring(0, end);
      assertThatCode(() -> ManifestReader.read(cut, "f.yaml")).as(cut).doesNotThrowAnyException();
    }
  }

  @Test
  void shouldAnswerWhateverIsChangedInAFile() throws IOException {
    Random random = new Random(SEED);
    List<Path> files = ManifestFiles.in(Path.of("src/test/resources/io/caravan/api/valid"));

    for (int i = 0; i < 1_500; i++) {
      StringBuilder text = new StringBuilder(Files.readString(files.get(i % files.size())));
      for (int change = 0; change <= i % 4; change++) {
        int at = random.nextInt(text.length());
        String with = String.valueOf(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        text.replace(at, Math.min(text.length(), at + random.nextInt(3)), with);
      }
      String changed = text.toString();
      assertThatCode(() -> ManifestReader.read(changed, "f.yaml"))
          .as(changed)
          .doesNotThrowAnyException();
    }
  }
}
