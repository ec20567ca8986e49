/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.journal.DiskFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process that adds letters, and has to drop the oldest, is killed at random moments. */
@Tag("slow")
class DeadLetterKillTest {
  private static final int KILLS = 4;
  private static final int LONGEST_LIFE_MILLIS = 1_500;

  @TempDir private Path folder = Path.of("");

  @Test
  void shouldKeepEveryLetterThatAKilledProcessWasToldToBeStoredAndDidNotDrop() throws Exception {
    List<String> stored = new ArrayList<>();
    Set<String> dropped = new HashSet<>();
    for (int i = 0; i < KILLS; i++) {
      for (String line : said("k" + i)) {
        assertThat(line).doesNotStartWith("F ");
        (line.charAt(0) == 'S' ? stored : dropped).add(line.substring(2));
      }
    }

    assertThat(dropped).as("the bound is reached").isNotEmpty();
    try (DeadLetters letters =
        DeadLetters.open(
            DiskFolder.at(folder), DeadLetterSettings.DEFAULT, DeadLetterListener.NONE)) {
      List<String> found = TestLetters.texts(letters, "a");
      assertThat(found).doesNotHaveDuplicates().hasSize((int) letters.counts("a").letters());
      dropped.addAll(notToldOf(stored, dropped, Set.copyOf(found)));
      assertThat(stored).allMatch(name -> found.contains(name) || dropped.contains(name));
    }
  }

  /**
   * A kill may come when a letter is let go of and nobody was told yet: that is one letter a kill,
   * and the next in turn.
   */
  private static Set<String> notToldOf(
      List<String> stored, Set<String> dropped, Set<String> found) {
    Set<String> untold = new HashSet<>();
    for (int i = 1; i < stored.size() && untold.size() < KILLS; i++) {
      String name = stored.get(i);
      if (dropped.contains(stored.get(i - 1)) && !dropped.contains(name) && !found.contains(name)) {
        untold.add(name);
      }
    }
    return untold;
  }

  private List<String> said(String prefix) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                KilledBurier.class.getName(),
                folder.toString(),
                prefix)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      StringBuilder text = new StringBuilder().append(lines.readLine()).append('\n');
      CompletableFuture.delayedExecutor(
              new SplittableRandom().nextInt(LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS)
          .execute(process.toHandle()::destroyForcibly);
      for (int next = lines.read(); next >= 0; next = lines.read()) {
        text.append((char) next);
      }
      // A line that was not ended may be half of what the process wanted to say.
      return text.substring(0, text.lastIndexOf("\n") + 1)
          .lines()
          .filter(line -> line.matches("[SDF] .*"))
          .toList();
    }
  }
}
