/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files that one layer of the image adds. Paths have no leading slash; folders on the way to a
 * file are made. Everything is root's and can be read by anybody, whatever it was on the machine
 * that builds.
 */
final class Layer {
  private static final int ROOT = 0;

  private final SortedMap<String, TarEntry> entries = new TreeMap<>();

  /** A folder with an owner and a mode of its own. */
  Layer folder(String path, int owner, int mode) {
    parents(path);
    entries.put(path + "/", TarEntry.folder(path + "/", owner, mode));
    return this;
  }

  Layer file(String path, byte[] content) {
    parents(path);
    entries.put(path, TarEntry.of(path, content, mode(path)));
    return this;
  }

  Layer file(String path, String content) {
    return file(path, content.getBytes(UTF_8));
  }

  /** A copy; where the file is a symbolic link, of what it points to. */
  Layer file(String path, Path source) throws IOException {
    parents(path);
    entries.put(path, TarEntry.of(path, source, mode(path)));
    return this;
  }

  /** All files below a folder. */
  Layer tree(String path, Path folder) throws IOException {
    try (var walk = Files.walk(folder)) {
      for (Path file : walk.filter(one -> !Files.isDirectory(one)).toList()) {
        String name = path + "/" + folder.relativize(file);
        if (Files.isSymbolicLink(file) && Files.isDirectory(file.toRealPath())) {
          throw new IOException(file + " is a link to a folder, which an image has no use for");
        }
        if (!Files.isRegularFile(file.toRealPath(), LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(file + " is no file");
        }
        file(name, file);
      }
    }
    return this;
  }

  /** Its tar archive, packed: the same bytes for the same files and time. */
  PackedLayer pack(Instant time, Path blob) throws IOException {
    return PackedLayer.write(entries.values(), time, blob);
  }

  private void parents(String path) {
    for (int end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) {
      String folder = path.substring(0, end + 1);
      entries.computeIfAbsent(folder, name -> TarEntry.folder(name, ROOT, 0755));
    }
  }

  private static int mode(String path) {
    return path.contains("/bin/") || path.contains(".so") ? 0755 : 0644;
  }
}
