/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.acceptance.fixture.CaravanProcess;
import io.caravan.acceptance.fixture.Curl;
import io.caravan.acceptance.fixture.OpenSsl;
import io.caravan.acceptance.fixture.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The README's way for senders outside the mesh, with its own words. */
class ReadmeTlsTest {
  @RegisterExtension static final CaravanProcess CARAVAN = new CaravanProcess();

  @Test
  void shouldShowTheRecordThatTheReadmesCurlLineSendsOverTlsWithItsToken() throws IOException {
    Path folder = CARAVAN.folder("readme");
    for (String line : linesStartingWith("openssl ")) {
      OpenSsl.line(folder, line);
    }
    String run = linesStartingWith("./caravan run deploy/quickstart --otlp").getFirst();
    CARAVAN.start(Programs.home().resolve("deploy/quickstart"), options(run, folder));

    String curl = linesStartingWith("curl --cacert ").getFirst();
    assertThat(curl).contains("https://localhost:4318/");
    Curl.line(folder, curl.replace("localhost:4318", "127.0.0.1:" + CARAVAN.httpPort()));

    CARAVAN.process().await(Pattern.compile("hello, stranger"), 1);
  }

  /** The options of the line, whose files lie in the folder. */
  private static String[] options(String run, Path folder) {
    return Stream.of(run.split(" "))
        .skip(3)
        .map(word -> word.startsWith("--") ? word : folder.resolve(word).toString())
        .toArray(String[]::new);
  }

  private static List<String> linesStartingWith(String prefix) throws IOException {
    List<String> lines =
        Files.readAllLines(Programs.home().resolve("README.md")).stream()
            .filter(line -> line.startsWith(prefix))
            .toList();
    assertThat(lines).as(prefix).isNotEmpty();
    return lines;
  }
}
