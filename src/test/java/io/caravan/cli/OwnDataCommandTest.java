/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnDataCommandTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void shouldGiveAFolderToTheProgramsUser() throws IOException {
    assumeThat(Files.getAttribute(folder, "unix:uid")).as("only root gives away").isEqualTo(0);
    Path data = Files.createDirectory(folder.resolve("gateway"));

    Answer first = Answer.to("own-data", "--user=10001", data.toString());
    Answer again = Answer.to("own-data", "--user=10001", data.toString());

    assertThat(first.code()).as(first.err()).isZero();
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(Files.getAttribute(data, "unix:uid")).isEqualTo(10001);
    assertThat(Files.getAttribute(data, "unix:gid")).isEqualTo(10001);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwxr-x---");
  }

  @Test
  void shouldLeaveAFolderAloneThatIsTheUsersAlready() throws IOException {
    Path data = Files.createDirectory(folder.resolve("gateway"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
    int user = (Integer) Files.getAttribute(data, "unix:uid");
    assumeThat(Files.getAttribute(data, "unix:gid")).isEqualTo(user);

    Answer answer = Answer.to("own-data", "--user=" + user, data.toString());

    assertThat(answer.code()).as(answer.err()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
        .isEqualTo("rwxrwxrwx");
  }

  @Test
  void shouldSayWhatIsMissingWhereThereIsNoFolder() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder);

    Answer absent = Answer.to("own-data", "--user=10001", folder.resolve("no").toString());
    Answer linked = Answer.to("own-data", "--user=10001", link.toString());

    assertThat(absent.code()).isEqualTo(ExitCode.FAILURE);
    assertThat(absent.err()).contains(folder.resolve("no").toString(), "CHOWN");
    assertThat(linked.code()).as("a link may lead anywhere").isEqualTo(ExitCode.FAILURE);
  }
}
