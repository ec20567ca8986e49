/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process that appends is killed at random moments, also while it starts. */
@Tag("slow")
class KillTest {
  /** How often; the long form is {@code -Dcaravan.journal.kills=100}. */
  private static final int KILLS = Integer.getInteger("caravan.journal.kills", 6);

  private static final Duration LONGEST_LIFE = Duration.ofMillis(1500);
  private static final Duration WHILE_STARTING = Duration.ofMillis(1500);

  @TempDir Path folder;

  @Test
  void shouldKeepAllThatAKilledProcessWasToldToBeWritten() throws Exception {
    SplittableRandom random = new SplittableRandom();
    Set<String> written = new HashSet<>();
    Set<String> acknowledged = new HashSet<>();
    for (int i = 0; i < KILLS; i++) {
      boolean appending = i % 2 == 0;
      Duration longest = appending ? LONGEST_LIFE : WHILE_STARTING;
      for (String line :
          said("k" + i, appending, Duration.ofMillis(random.nextLong(longest.toMillis())))) {
        (line.charAt(0) == 'W' ? written : acknowledged).add(line.substring(2));
      }
    }

    Set<String> pending = new HashSet<>();
    try (Journal journal =
        Journal.open(
            DiskFolder.at(folder),
            JournalSettings.of(1L << 30).withFreePercent(0),
            JournalListener.NONE)) {
      for (Place place : journal.places()) {
        for (String text : TestEntries.pending(place)) {
          assertThat(pending.add(place + " " + text.strip())).as("%s twice", text).isTrue();
        }
      }
    }
    assertThat(written).isNotEmpty();
    written.removeAll(acknowledged);
    assertThat(pending).containsAll(written);
  }

  /** What a process says that is killed after this time of appending, or of starting. */
  private List<String> said(String prefix, boolean appending, Duration life) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                KilledAppender.class.getName(),
                folder.toString(),
                prefix)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader lines = process.inputReader(UTF_8)) {
      StringBuilder text = new StringBuilder();
      if (appending) {
        text.append(lines.readLine()).append('\n');
      }
      CompletableFuture.delayedExecutor(life.toMillis(), TimeUnit.MILLISECONDS)
          .execute(process.toHandle()::destroyForcibly);
      for (int next = lines.read(); next >= 0; next = lines.read()) {
        text.append((char) next);
      }
      return wholeLines(text.toString());
    }
  }

  private static List<String> wholeLines(String text) {
    // A line that was not ended may be half of what the process wanted to say.
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.startsWith("W ") || line.startsWith("A "))
        .toList();
  }
}
