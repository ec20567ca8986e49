/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each wait would outlast its test by far if nothing woke it. */
@Timeout(20)
class FolderWatchTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(1);

  @TempDir private Path temp;

  @Test
  void shouldWakeWhenAFileIsWrittenMovedAndRemoved() throws Exception {
    Path other = Files.writeString(temp.resolve("other"), "");
    Path folder = Files.createDirectory(temp.resolve("folder"));
    try (FolderWatch watch = FolderWatch.of(List.of(folder))) {
      Files.move(other, folder.resolve("a.yaml"), StandardCopyOption.ATOMIC_MOVE);
      watch.await(LONG);
      Files.writeString(folder.resolve("a.yaml"), "text");
      watch.await(LONG);
      Files.delete(folder.resolve("a.yaml"));
      watch.await(LONG);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void shouldWatchAFolderThatAppearsAfterIt() throws Exception {
    Path folder = temp.resolve("later");
    try (FolderWatch watch = FolderWatch.of(List.of(folder))) {
      Files.createDirectory(folder);
      watch.await(SHORT);
      Files.writeString(folder.resolve("a.yaml"), "text");
      watch.await(LONG);
    }
    assertThat(folder).isNotEmptyDirectory();
  }

  @Test
  void shouldWatchTheNewFolderBehindALinkThatIsSwapped() throws Exception {
    Path first = Files.createDirectory(temp.resolve("first"));
    Path second = Files.createDirectory(temp.resolve("second"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), first);
    try (FolderWatch watch = FolderWatch.of(List.of(link))) {
      Files.delete(link);
      Files.createSymbolicLink(link, second);
      watch.await(SHORT);
      Files.writeString(second.resolve("a.yaml"), "text");
      watch.await(LONG);
    }
    assertThat(link).isNotEmptyDirectory();
  }

  @Test
  void shouldEndAWaitWhenItIsClosed() throws Exception {
    FolderWatch events = FolderWatch.of(List.of(temp));
    FolderWatch time = new FolderWatch.OfTime();
    time.await(SHORT);
    for (FolderWatch watch : List.of(events, time)) {
      watch.close();
      assertThatExceptionOfType(ClosedWatchServiceException.class)
          .isThrownBy(() -> watch.await(LONG));
    }
  }
}
