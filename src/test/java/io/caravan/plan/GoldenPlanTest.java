/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.caravan.api.KameletSource;
import io.caravan.api.manifest.Found;
import io.caravan.api.manifest.ManifestReader;
import io.caravan.api.manifest.Manifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plans every folder of {@code src/test/resources/plan}: {@code in-*.yaml} are manifests, {@code
 * out-plan.yaml} is the plan as people see it. The folder {@code kamelets} is installed for all.
 *
 * <p>A change of the plan prints a patch for {@code git apply}; {@code -Dgolden=write} writes the
 * files anew.
 */
class GoldenPlanTest {
  private static final Path ROOT = Path.of("src/test/resources/plan");
  private static final Path KAMELETS = ROOT.resolve("kamelets");
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  static List<String> cases() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders
          .filter(folder -> !folder.equals(KAMELETS))
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldPlanAsWritten(String name) throws IOException {
    Path file = ROOT.resolve(name).resolve("out-plan.yaml");
    String actual = PlanPrinter.print(plan(name));
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(file, actual);
    }
    String expected = Files.exists(file) ? Files.readString(file) : "";
    if (!expected.equals(actual)) {
      fail(
          "The plan differs. If that is meant, run with -Dgolden=write or paste this into git apply:%n%s",
          UnifiedDiff.of(file.toString(), expected, actual));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldNotPrintWhatASecretHolds(String name) throws IOException {
    assertThat(PlanPrinter.print(plan(name))).doesNotContain("marker");
    assertThat(plan(name).toString()).doesNotContain("marker-token", "marker-password");
  }

  @Test
  void shouldUseEveryFile() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT)) {
      List<Path> strays =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !isCase(file) && !file.startsWith(KAMELETS))
              .toList();
      assertThat(strays).as("files that no case reads").isEmpty();
    }
    Set<String> used =
        cases().stream()
            .flatMap(name -> plan(name).pipelines().stream())
            .flatMap(pipeline -> pipeline.routes().stream())
            .map(routes -> routes.kamelet().name())
            .collect(Collectors.toSet());
    assertThat(used)
        .as("Kamelets that are installed for all cases")
        .containsAll(sharedKamelets().stream().map(KameletSource::name).toList());
  }

  private static boolean isCase(Path file) {
    String name = file.getFileName().toString();
    return ROOT.relativize(file).getNameCount() == 2
        && (name.equals("out-plan.yaml") || (name.startsWith("in-") && name.endsWith(".yaml")));
  }

  private static Plan plan(String name) {
    Manifests manifests = read(inputs(ROOT.resolve(name)));
    return Planner.plan(
        new Snapshot(
            resources(manifests.pipelines()),
            resources(manifests.telemetries()).stream().findFirst(),
            resources(manifests.secrets()),
            Stream.concat(sharedKamelets().stream(), resources(manifests.kamelets()).stream())
                .toList(),
            Mode.STANDALONE,
            NOW));
  }

  private static List<KameletSource> sharedKamelets() {
    return resources(read(List.of(KAMELETS)).kamelets());
  }

  private static Manifests read(List<Path> paths) {
    Manifests manifests = ManifestReader.read(paths);
    assertThat(manifests.hasErrors()).as(() -> manifests.findings().toString()).isFalse();
    return manifests;
  }

  private static List<Path> inputs(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("in-"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> List<T> resources(List<Found<T>> found) {
    return found.stream().map(Found::resource).toList();
  }
}
