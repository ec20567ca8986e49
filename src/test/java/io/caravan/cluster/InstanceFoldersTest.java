/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.standalone.DataFolder;
import io.caravan.standalone.DataFolderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceFoldersTest {
  @TempDir Path folder;

  @Test
  void shouldGiveInstancesThatStartAtOnceFoldersOfTheirOwn() throws Exception {
    Path parent = folder.resolve("parent");
    List<DataFolder> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      Callable<DataFolder> start = () -> new InstanceFolders(parent).own("gateway");
      for (Future<DataFolder> each : threads.invokeAll(java.util.Collections.nCopies(8, start))) {
        all.add(each.get());
      }
    }

    assertThat(all).extracting(DataFolder::path).doesNotHaveDuplicates().hasSize(8);
    assertThat(new InstanceFolders(parent).orphans()).isEmpty();
    for (DataFolder each : all) {
      each.close();
    }
  }

  @Test
  void shouldGoOnInTheFolderWithMostInIt() throws Exception {
    InstanceFolders folders = new InstanceFolders(folder);
    left("little", 10);
    left("most", 1_000);
    left("much", 100);

    try (DataFolder own = folders.own("gateway")) {
      assertThat(own.path()).isEqualTo(folder.resolve("most"));
      List<DataFolder> orphans = folders.orphans();
      assertThat(orphans)
          .extracting(DataFolder::path)
          .containsExactly(folder.resolve("little"), folder.resolve("much"));
      assertThat(new InstanceFolders(folder).orphans()).isEmpty();
      for (DataFolder each : orphans) {
        each.close();
      }
    }
  }

  @Test
  void shouldRemoveAFolderButForFilesOfSomebodyElse() throws Exception {
    left("empty", 0);
    left("used", 0);
    Files.writeString(folder.resolve("used/spans.json"), "{}");
    InstanceFolders folders = new InstanceFolders(folder);

    List<Boolean> gone = new ArrayList<>();
    for (DataFolder each : folders.orphans()) {
      gone.add(folders.remove(each));
    }

    assertThat(gone).containsExactly(true, false);
    assertThat(folder.resolve("empty")).doesNotExist();
    assertThat(folder.resolve("used/spans.json")).exists();
    assertThat(folders.orphans()).isEmpty();
  }

  @Test
  void shouldLookAgainIntoAFolderThatSomebodyHasHadMeanwhile() throws Exception {
    left("one", 10);
    InstanceFolders folders = new InstanceFolders(folder);
    folders.leave(folders.orphans().getFirst());
    assertThat(folders.orphans()).isEmpty();

    Files.setLastModifiedTime(
        folder.resolve("one/caravan.lock"), java.nio.file.attribute.FileTime.fromMillis(1));

    List<DataFolder> orphans = folders.orphans();
    assertThat(orphans).hasSize(1);
    orphans.getFirst().close();
  }

  @Test
  void shouldCountFoldersOfOthersUntilItKnowsThatNothingWaitsInThem() throws Exception {
    InstanceFolders folders = new InstanceFolders(folder);
    left("one", 1_000);
    left("two", 10);
    Files.createDirectory(folder.resolve("lost+found"));

    try (DataFolder own = folders.own("gateway");
        DataFolder used = DataFolder.open(folder.resolve("three"))) {
      assertThat(folders.others(own.path())).isEqualTo(2);
      folders.leave(folders.orphans().getFirst());
      assertThat(used.path()).exists();
      assertThat(folders.others(own.path())).isEqualTo(1);
    }
  }

  private void left(String name, int bytes) throws DataFolderException, IOException {
    try (DataFolder one = DataFolder.open(folder.resolve(name))) {
      Files.createDirectories(one.path().resolve("journal"));
      Files.write(one.path().resolve("journal/1.segment"), new byte[bytes]);
    }
  }
}
