/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder of the file system. */
public final class DiskFolder implements JournalFolder {
  private final Path path;

  private DiskFolder(Path path) {
    this.path = path;
  }

  /** The folder, which is created, with mode 0700, where it is missing. */
  public static DiskFolder at(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path parent = path.toAbsolutePath().getParent();
      if (parent != null) {
        sync(parent);
      }
    }
    return new DiskFolder(path);
  }

  /** A folder that is there, for somebody who only reads. */
  public static DiskFolder existing(Path path) {
    return new DiskFolder(path);
  }

  @Override
  public List<String> list() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(path)) {
      files.forEach(file -> names.add(String.valueOf(file.getFileName())));
    }
    return names;
  }

  @Override
  public JournalFile create(String name) throws IOException {
    return new DiskFile(
        FileChannel.open(
            path.resolve(name),
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
  }

  @Override
  public JournalFile open(String name) throws IOException {
    return new DiskFile(FileChannel.open(path.resolve(name), StandardOpenOption.READ));
  }

  @Override
  public JournalFile reopen(String name) throws IOException {
    return new DiskFile(
        FileChannel.open(path.resolve(name), StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(String name) throws IOException {
    Files.deleteIfExists(path.resolve(name));
  }

  @Override
  public void sync() throws IOException {
    sync(path);
  }

  @Override
  public long usableSpace() throws IOException {
    return store().getUsableSpace();
  }

  @Override
  public long totalSpace() throws IOException {
    return store().getTotalSpace();
  }

  private FileStore store() throws IOException {
    return Files.getFileStore(path);
  }

  /** Linux syncs a directory through a channel that was opened to read it. */
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
