/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code caravan own-data}: what an init container runs, as root with nothing but the capability
 * CHOWN, so that the program can write to a folder that the kubelet has made. Only the folder
 * itself changes hands; what is in it was written by its owner.
 */
@Command(name = "own-data", hidden = true)
final class OwnDataCommand implements Callable<Integer> {

  @Option(names = "--user", required = true, paramLabel = "ID")
  private int user;

  @Parameters(paramLabel = "DIR")
  private Path folder = Path.of("");

  @Override
  public Integer call() throws CommandFailure {
    try {
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        throw new NotDirectoryException(folder.toString());
      }
      if (!isTheirs("unix:uid") || !isTheirs("unix:gid")) {
        // In this order: once the folder has another owner, only he can change what others may.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-x---"));
        set("unix:gid");
        set("unix:uid");
      }
      return ExitCode.OK;
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.FAILURE,
          "cannot give %s to user %d: %s; it needs root with the capability CHOWN, and a folder that is root's or the user's"
              .formatted(folder, user, e));
    }
  }

  private boolean isTheirs(String attribute) throws IOException {
    return Objects.equals(Files.getAttribute(folder, attribute, LinkOption.NOFOLLOW_LINKS), user);
  }

  private void set(String attribute) throws IOException {
    Files.setAttribute(folder, attribute, user, LinkOption.NOFOLLOW_LINKS);
  }
}
