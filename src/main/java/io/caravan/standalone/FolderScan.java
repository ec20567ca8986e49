/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.manifest.ManifestFiles;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The manifests that lie in some folders at a moment: {@code *.yaml}, {@code *.yml} and {@code
 * *.json}, not in sub-folders, as {@code kubectl apply -f} takes them. What begins with a dot is an
 * editor's or a volume's own.
 *
 * @param files in the order of their paths
 * @param missing the folders that cannot be listed; nothing is known of what is in them
 */
record FolderScan(SortedMap<Path, FileStamp> files, Set<Path> missing) {

  static FolderScan of(Collection<Path> folders) {
    SortedMap<Path, FileStamp> files = new TreeMap<>();
    Set<Path> missing = new TreeSet<>();
    for (Path folder : folders) {
      try (DirectoryStream<Path> entries =
          Files.newDirectoryStream(folder, ManifestFiles::isNamedAsManifest)) {
        entries.forEach(file -> FileStamp.of(file).ifPresent(stamp -> files.put(file, stamp)));
      } catch (IOException | DirectoryIteratorException e) {
        missing.add(folder);
      }
    }
    return new FolderScan(files, missing);
  }

  /** Whether the file lies in one of the folders that cannot be listed. */
  boolean isUnknown(Path file) {
    return missing.stream().anyMatch(folder -> file.equals(folder.resolve(file.getFileName())));
  }
}
