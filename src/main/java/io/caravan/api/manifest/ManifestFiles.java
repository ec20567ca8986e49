/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import io.caravan.api.manifest.Finding.Severity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Finds and reads the files of manifests. */
public final class ManifestFiles {

  private final List<Source> sources = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  private ManifestFiles() {}

  /**
   * Reads files, and of folders the files that are manifests.
   *
   * @return with a finding for each path that cannot be read
   */
  static ManifestFiles of(List<Path> paths) {
    ManifestFiles files = new ManifestFiles();
    Set<Path> read = new HashSet<>();
    for (Path path : paths) {
      try {
        for (Path file : Files.isDirectory(path) ? in(path) : List.of(path)) {
          // A folder and a file of it are not the same resource twice.
          if (read.add(file.toAbsolutePath().normalize())) {
            files.read(file);
          }
        }
      } catch (IOException e) {
        files.error(path, "cannot be read: " + e);
      }
    }
    return files;
  }

  /**
   * The manifests that stand immediately in a folder: {@code *.yaml}, {@code *.yml} and {@code
   * *.json}, without hidden ones, sorted by name. Links are followed.
   *
   * @throws IOException where the folder cannot be read
   */
  public static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(ManifestFiles::isManifest).sorted().toList();
    }
  }

  List<Source> sources() {
    return sources;
  }

  List<Finding> findings() {
    return findings;
  }

  /** Whether the name is one of a manifest's, as {@link #in} takes them. */
  public static boolean isNamedAsManifest(Path path) {
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    return !name.startsWith(".")
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }

  private static boolean isManifest(Path path) {
    return isNamedAsManifest(path) && Files.isRegularFile(path);
  }

  private void read(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      sources.add(new Source(file.toString(), text));
    } catch (CharacterCodingException e) {
      error(file, "is not text in UTF-8");
    } catch (NoSuchFileException e) {
      error(file, "no such file or folder");
    } catch (IOException e) {
      error(file, "cannot be read: " + e);
    }
  }

  private void error(Path path, String message) {
    findings.add(new Finding(Severity.ERROR, Location.of(path.toString()), "", message));
  }
}
