/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a container's memory is divided, and that the JVM is else what the launcher makes it. */
class ContainerMemoryTest {
  private static final long MEBIBYTE = 1L << 20;
  private static final Path OPTIONS = Path.of("src/build/image/java.options");

  @ParameterizedTest
  @CsvSource({"256, 64, 64", "512, 169, 215", "1024, 338, 558", "4096, 1352, 2616"})
  void shouldGiveNettyWhatHeapAndJvmLeave(long limit, long heap, long direct) {
    assertThat(ContainerMemory.direct(limit * MEBIBYTE, heap * MEBIBYTE))
        .isEqualTo(direct * MEBIBYTE);
  }

  @Test
  void shouldLeaveRoomForARequestHoweverSmallTheContainerIs() {
    assertThat(ContainerMemory.direct(160 * MEBIBYTE, 40 * MEBIBYTE)).isEqualTo(32 * MEBIBYTE);
  }

  @Test
  void shouldGiveTheJvmOfTheImageTheOptionsOfTheLauncherAndBoundsOfItsOwn() throws IOException {
    Set<String> launcher = options(Files.readString(Path.of("caravan")), "jvm_options=\"", "\"");
    Set<String> image =
        Files.readString(OPTIONS)
            .lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .collect(toSet());

    launcher.removeIf(option -> option.contains("$((")); // -Xmx and -XX:MaxDirectMemorySize
    image.remove("-XX:MinRAMPercentage=25");
    image.remove("-XX:MaxRAMPercentage=33");
    image.remove("-Dcaravan.memory=container");
    assertThat(launcher).isNotEmpty();
    assertThat(image).isEqualTo(launcher);
  }

  private static Set<String> options(String script, String start, String end) {
    int from = script.indexOf(start) + start.length();
    return Pattern.compile("-(?:[^\\s$]|\\$\\(\\([^)]*\\)[^)]*\\)\\)|\\$)+")
        .matcher(script.substring(from, script.indexOf(end, from)))
        .results()
        .map(MatchResult::group)
        .collect(toSet());
  }
}
