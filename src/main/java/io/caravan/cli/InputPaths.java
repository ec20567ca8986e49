/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The files and folders that a command is to read. */
final class InputPaths {
  private InputPaths() {}

  /**
   * Tells a slip of the fingers from a wrong manifest.
   *
   * @throws CommandFailure as wrong usage, if one is not there
   */
  static void requireExisting(List<Path> paths) throws CommandFailure {
    List<Path> missing = paths.stream().filter(path -> !Files.exists(path)).toList();
    if (!missing.isEmpty()) {
      throw new CommandFailure(ExitCode.USAGE, "there is no file or folder " + join(missing));
    }
  }

  static String join(List<Path> paths) {
    return paths.stream().map(Path::toString).collect(Collectors.joining(", "));
  }
}
