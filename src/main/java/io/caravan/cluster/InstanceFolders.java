/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cluster;

import io.caravan.standalone.DataFolder;
import io.caravan.standalone.DataFolderException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * The data folders of all instances of a node, below one parent. An instance has one of its own and
 * takes what others have left; nobody ever has a folder that another has. Thread-safe.
 *
 * <p>Folders are made, taken and removed under the parent's lock, so that nobody can take one that
 * is being removed. Locks are the operating system's: they end with their process.
 */
public final class InstanceFolders {
  private static final String LOCK = "instances.lock";

  /** What a process makes in its folder and what is of no use when it is empty. */
  private static final Set<String> OURS =
      Set.of("journal", "dead-letters", "caravan.lock", "caravan.sock", LastPlan.FILE);

  /** The operating system's lock is the process's, and this one the thread's. */
  private static final ReentrantLock HERE = new ReentrantLock();

  private final Path parent;

  /** When the lock of a folder in which nothing is to be done was last taken, by folder. */
  private final Map<Path, FileTime> settled = new HashMap<>();

  /**
   * @param parent made if it is not there
   */
  public InstanceFolders(Path parent) {
    this.parent = parent;
  }

  /** What is done while nobody else makes, takes or removes a folder. */
  private interface Step<T> {
    T run() throws IOException, DataFolderException;
  }

  /**
   * A folder of the instance's own: one that is free, the one with most in it first, since whoever
   * goes on in it goes on where the other has ended; or a new one.
   *
   * @param name of the instance, a name of a Pod
   * @throws DataFolderException with a sentence for people, if the parent cannot be used
   */
  public DataFolder own(String name) throws DataFolderException {
    return locked(
        () -> {
          for (Path each : bySize()) {
            Optional<DataFolder> taken = take(each);
            if (taken.isPresent()) {
              return taken.get();
            }
          }
          Path fresh = parent.resolve(name);
          for (int i = 2; Files.exists(fresh); i++) {
            fresh = parent.resolve(name + "-" + i);
          }
          return DataFolder.open(fresh);
        });
  }

  /** Takes all folders that are free now and in which something may be to be done. */
  public List<DataFolder> orphans() throws DataFolderException {
    return locked(
        () -> {
          List<DataFolder> orphans = new ArrayList<>();
          for (Path each : folders()) {
            if (!lastTaken(each).equals(Optional.ofNullable(settled.get(each)))) {
              take(each).ifPresent(orphans::add);
            }
          }
          return orphans;
        });
  }

  /**
   * Gives a folder back that holds something that cannot be moved; it is left alone from now on.
   */
  public void leave(DataFolder folder) throws DataFolderException {
    Boolean _ =
        locked(
            () -> {
              lastTaken(folder.path()).ifPresent(time -> settled.put(folder.path(), time));
              folder.close();
              return true;
            });
  }

  /**
   * Removes a folder in which nothing is left; one with files that are not ours is left alone.
   *
   * @return whether it is gone
   */
  public boolean remove(DataFolder folder) throws DataFolderException {
    return locked(
        () -> {
          try (Stream<Path> files = Files.list(folder.path())) {
            if (files.anyMatch(each -> !OURS.contains(each.getFileName().toString()))) {
              lastTaken(folder.path()).ifPresent(time -> settled.put(folder.path(), time));
              folder.close();
              return false;
            }
          }
          try (Stream<Path> files = Files.walk(folder.path())) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
              Files.delete(each);
            }
          }
          folder.close();
          return true;
        });
  }

  /**
   * How many folders of other instances there are in which something may wait, be they somebody's
   * or free; those in which this one has found nothing to deliver are left out.
   */
  public int others(Path own) throws DataFolderException {
    return locked(
        () -> {
          int others = 0;
          for (Path each : folders()) {
            Optional<FileTime> taken = lastTaken(each);
            if (!each.equals(own)
                && taken.isPresent()
                && !taken.equals(Optional.ofNullable(settled.get(each)))) {
              others++;
            }
          }
          return others;
        });
  }

  private static Optional<DataFolder> take(Path folder) {
    try {
      return Optional.of(DataFolder.open(folder));
    } catch (DataFolderException _) {
      return Optional.empty(); // somebody has it
    }
  }

  private static Optional<FileTime> lastTaken(Path folder) throws IOException {
    Path lock = folder.resolve("caravan.lock");
    return Files.exists(lock) ? Optional.of(Files.getLastModifiedTime(lock)) : Optional.empty();
  }

  private List<Path> folders() throws IOException {
    try (Stream<Path> all = Files.list(parent)) {
      return all.filter(Files::isDirectory).sorted().toList();
    }
  }

  private List<Path> bySize() throws IOException {
    Map<Path, Long> sizes = new HashMap<>();
    for (Path each : folders()) {
      sizes.put(each, size(each));
    }
    return sizes.keySet().stream()
        .sorted(
            Comparator.<Path, Long>comparing(each -> -sizes.getOrDefault(each, 0L))
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }

  /** Of its files; one that goes meanwhile has none. */
  private static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(Path::toFile)
          .filter(java.io.File::isFile)
          .mapToLong(java.io.File::length)
          .sum();
    } catch (IOException | java.io.UncheckedIOException _) {
      return 0; // whoever has it deletes files; then it is not free
    }
  }

  private <T> T locked(Step<T> step) throws DataFolderException {
    HERE.lock();
    try {
      if (!Files.isDirectory(parent)) {
        Files.createDirectories(
            parent,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      try (FileChannel channel =
              FileChannel.open(
                  parent.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock _ = channel.lock()) {
        return step.run();
      }
    } catch (IOException e) {
      throw new DataFolderException(
          "the data folder %s cannot be used (%s); name another with --data".formatted(parent, e));
    } finally {
      HERE.unlock();
    }
  }
}
