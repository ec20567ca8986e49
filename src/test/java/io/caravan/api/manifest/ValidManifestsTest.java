/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.manifest.Finding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests that use every field of every kind, as users of Kyma's Telemetry module have them. */
final class ValidManifestsTest {

  private static final Path FOLDER = Path.of("src/test/resources/io/caravan/api/valid");

  private static Stream<Path> manifests() throws IOException {
    return ManifestFiles.in(FOLDER).stream();
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void shouldPassUnchanged(Path file) {
    Manifests manifests = ManifestReader.read(List.of(file));

    assertThat(manifests.findings())
        .filteredOn(finding -> finding.severity() == Severity.ERROR)
        .isEmpty();
    assertThat(manifests.pipelines().size() + manifests.telemetries().size()).isPositive();
  }

  @Test
  void shouldWarnOfEveryFieldOfTheFluentBitStack() {
    Manifests manifests =
        ManifestReader.read(List.of(FOLDER.resolve("logpipelines-fluent-bit.yaml")));

    assertThat(manifests.findings())
        .extracting(finding -> finding.severity() + " " + finding.path())
        .containsExactly(
            "WARNING spec.input.runtime.keepAnnotations",
            "WARNING spec.input.runtime.dropLabels",
            "WARNING spec.filters",
            "WARNING spec.files",
            "WARNING spec.variables",
            "WARNING spec.output.http",
            "WARNING spec.filters",
            "WARNING spec.output.custom");
    assertThat(manifests.findings().getFirst().message())
        .startsWith(
            "LogPipeline 'legacy-http' uses the attribute 'input.runtime.keepAnnotations' which is based on the deprecated FluentBit technology stack. Please migrate to an Open Telemetry based logPipeline instead.");
  }

  @Test
  void shouldReadAllOfThemTogether() throws IOException {
    assertThat(Files.isDirectory(FOLDER)).isTrue();
    Manifests manifests = ManifestReader.read(List.of(FOLDER));

    assertThat(manifests.rejected()).isEmpty();
    assertThat(manifests.unreadable()).isEmpty();
    assertThat(manifests.pipelines()).hasSizeGreaterThanOrEqualTo(8);
  }
}
