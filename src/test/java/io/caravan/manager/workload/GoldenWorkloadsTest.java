/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Makes the objects of every folder of {@code src/test/resources/workloads}. {@code -Dgolden=write}
 * writes the files anew.
 */
class GoldenWorkloadsTest {

  static List<WorkloadCase> cases() {
    return WorkloadCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldDeployAsWritten(WorkloadCase each) throws IOException {
    GoldenYaml.check(each.output(), GoldenYaml.print(each.objects()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldMakeTheSameOfTheSame(WorkloadCase each) {
    assertThat(each.objects()).isEqualTo(each.objects());
  }

  @Test
  void shouldUseEveryFile() throws IOException {
    List<Path> used =
        cases().stream()
            .flatMap(each -> Stream.of(each.needs(), each.telemetry(), each.output()))
            .toList();
    try (Stream<Path> files = Files.walk(WorkloadCase.ROOT)) {
      assertThat(files.filter(Files::isRegularFile).toList())
          .as("files that no case reads")
          .isSubsetOf(used);
    }
  }
}
