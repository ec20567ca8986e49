/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * The folder {@code /opt/caravan} of the image, as it is before it is packed: the start-up cache is
 * made by the runtime and with the files, paths and times that the image has.
 */
final class Home {
  private final Path folder;

  private Home(Path folder) {
    this.folder = folder;
  }

  static Home make(Path folder, Path jar, Path libraries) throws IOException, InterruptedException {
    delete(folder);
    Files.createDirectories(folder.resolve("lib"));
    Home home = new Home(folder);
    copy(jar, home.jar());
    try (var files = Files.list(libraries)) {
      for (Path library : files.toList()) {
        copy(library, home.libraries().resolve(library.getFileName()));
      }
    }
    JavaRuntime.link(home.jar(), home.libraries(), home.runtime());
    return home;
  }

  /** Gives every file the time that it has in the image: the start-up cache looks at it. */
  void date(Instant time) throws IOException {
    try (var walk = Files.walk(folder)) {
      for (Path file : walk.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(time));
      }
    }
  }

  Path jar() {
    return folder.resolve("caravan.jar");
  }

  Path libraries() {
    return folder.resolve("lib");
  }

  Path runtime() {
    return folder.resolve("runtime");
  }

  /** The names of the libraries, one a line. */
  String list() throws IOException {
    try (var files = Files.list(libraries())) {
      List<String> names = files.map(file -> file.getFileName().toString()).sorted().toList();
      return String.join("\n", names) + "\n";
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (var walk = Files.walk(folder)) {
        for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
