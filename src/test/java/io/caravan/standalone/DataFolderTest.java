/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.TextNode;
import io.caravan.observe.ControlSocket;
import java.io.BufferedReader;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  private static final String PID = Long.toString(ProcessHandle.current().pid());

  @TempDir private Path temp;

  @Test
  void shouldCreateAFolderThatOnlyItsOwnerMayEnterAndWriteItsPidIntoTheLock() throws Exception {
    Path path = temp.resolve("deep/data");
    try (DataFolder data = DataFolder.open(path)) {
      assertThat(Files.getPosixFilePermissions(data.path()))
          .containsExactlyInAnyOrder(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE);
      assertThat(path.resolve("caravan.lock")).hasContent(PID);
      assertThat(data.controlSocket()).isEqualTo(DataFolder.controlSocket(path));
    }
  }

  @Test
  void shouldNameTheFolderAndTheHolderWhenItIsHeldHere() throws Exception {
    Path link = Files.createSymbolicLink(temp.resolve("link"), temp);
    try (DataFolder _ = DataFolder.open(temp)) {
      assertThatExceptionOfType(DataFolderException.class)
          .isThrownBy(() -> DataFolder.open(link))
          .withMessage(
              "the data folder %s is in use by the process %s; stop it, or give this one a folder of its own with --data"
                  .formatted(link, PID));
    }
    DataFolder.open(temp).close();
  }

  @Test
  void shouldNameTheFolderAndThePidOfAnotherProcessAndTakeOverWhenItIsKilled() throws Exception {
    Process other = holder();
    try (BufferedReader ready = other.inputReader()) {
      assertThat(ready.readLine()).isEqualTo("held");
      assertThatExceptionOfType(DataFolderException.class)
          .isThrownBy(() -> DataFolder.open(temp))
          .withMessageContainingAll(temp.toString(), "by the process " + other.pid());
    } finally {
      other.destroyForcibly().waitFor();
    }

    assertThat(temp.resolve("caravan.lock")).as("left by the killed one").exists();
    try (DataFolder _ = DataFolder.open(temp)) {
      assertThat(temp.resolve("caravan.lock")).hasContent(PID);
    }
  }

  /** Another JVM that holds the folder until it is killed. */
  private Process holder() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            temp.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The other process. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      try (DataFolder _ = DataFolder.open(Path.of(args[0]))) {
        System.out.println("held");
        System.in.read();
      }
    }
  }

  @Test
  void shouldTakeOverALockFileWhoseHolderIsGoneWhateverItHolds() throws Exception {
    Files.writeString(temp.resolve("caravan.lock"), "999999999999999999999999999999999999999\n");

    try (DataFolder _ = DataFolder.open(temp)) {
      assertThat(temp.resolve("caravan.lock")).hasContent(PID);
    }
  }

  @Test
  void shouldSayWhatToDoWhenAFileIsInTheWay() throws Exception {
    Path file = Files.createFile(temp.resolve("file"));

    assertThatExceptionOfType(DataFolderException.class)
        .isThrownBy(() -> DataFolder.open(file))
        .withMessage(
            "the data folder %s cannot be created: %s is there and is no folder; name another with --data"
                .formatted(file, file));
  }

  @Test
  void shouldSayWhatToDoWhenTheFolderCannotBeWrittenTo() throws Exception {
    Files.createDirectory(temp.resolve("caravan.lock")); // as no permission stops root

    assertThatExceptionOfType(DataFolderException.class)
        .isThrownBy(() -> DataFolder.open(temp))
        .withMessageStartingWith("the data folder %s cannot be used (".formatted(temp))
        .withMessageEndingWith("; mend that, or name another with --data");
    Files.delete(temp.resolve("caravan.lock"));
    DataFolder.open(temp).close();
  }

  @Test
  void shouldGiveTheLockBackToOtherProcesses() throws Exception {
    DataFolder.open(temp).close();

    try (FileChannel lock =
        FileChannel.open(temp.resolve("caravan.lock"), StandardOpenOption.WRITE)) {
      assertThat(lock.tryLock()).isNotNull();
    }
  }

  @Test
  void shouldOfferASocketInAFolderWithALongerPathThanSocketsHave() throws Exception {
    Path deep = temp.resolve("a".repeat(60)).resolve("b".repeat(60));
    try (DataFolder data = DataFolder.open(deep);
        ControlSocket _ =
            ControlSocket.open(data.controlSocket(), Map.of("status", _ -> new TextNode("fine")))) {
      assertThat(data.controlSocket().toString()).hasSizeGreaterThan(108);
      assertThat(data.controlSocket()).exists();
    }
  }
}
