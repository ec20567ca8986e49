/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.Curl;
import io.caravan.acceptance.fixture.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The README's first minutes, with its own words. */
class QuickstartTest {
  private static final Path README = Programs.home().resolve("README.md");

  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  @Test
  void shouldShowTheRecordOfTheReadmesCurlLineOnTheConsoleAndInTheFile() throws IOException {
    String curl = lineStartingWith("curl ");
    assertThat(curl).contains("localhost:4318");
    assertThat(lineStartingWith("./caravan run ")).isEqualTo("./caravan run deploy/quickstart");
    CARAVAN.start(Programs.home().resolve("deploy/quickstart"));

    String text = "sent by the test of the quickstart " + System.nanoTime();
    Curl.line(
        curl.replace("localhost:4318", "127.0.0.1:" + CARAVAN.httpPort())
            .replaceFirst("(\"stringValue\":\")[^\"]*", "$1" + text));

    CARAVAN.process().await(Pattern.compile(Pattern.quote(text)), 1);
    Awaitility.await("the record in a file").until(() -> written(text));
  }

  private static String lineStartingWith(String prefix) throws IOException {
    return Files.readAllLines(README).stream()
        .map(String::strip)
        .filter(line -> line.startsWith(prefix))
        .findFirst()
        .orElseThrow();
  }

  /** Whether the text stands in a file below the data folder. */
  private static boolean written(String text) {
    try (Stream<Path> files = Files.walk(CARAVAN.data())) {
      return files.filter(Files::isRegularFile).anyMatch(file -> read(file).contains(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // A file may be renamed between the listing and the reading: the next look finds it.
      return "";
    }
  }
}
