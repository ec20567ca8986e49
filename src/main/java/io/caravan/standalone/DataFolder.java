/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The folder of one process's own: its lock, its control socket, later its journal.
 *
 * <p>The lock is the operating system's on {@code caravan.lock}, so that it dies with its holder
 * however that ends; the pid in the file is for people.
 */
public final class DataFolder implements AutoCloseable {
  private static final String LOCK = "caravan.lock";
  private static final String SOCKET = "caravan.sock";

  /**
   * POSIX drops a process's lock when it closes any channel on the file, so never open a second.
   */
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final Path real;
  private final FileChannel channel;

  private DataFolder(Path path, Path real, FileChannel channel) {
    this.path = path;
    this.real = real;
    this.channel = channel;
  }

  /**
   * Creates the folder, with mode 0700, where it is missing, and takes the lock.
   *
   * @throws DataFolderException with a sentence for people, if another process holds it or it
   *     cannot be used
   */
  public static DataFolder open(Path path) throws DataFolderException {
    try {
      create(path);
      Path real = path.toRealPath();
      if (!HELD_HERE.add(real)) {
        throw inUse(path, Long.toString(ProcessHandle.current().pid()));
      }
      try {
        return new DataFolder(path, real, locked(path));
      } catch (IOException | DataFolderException e) {
        HELD_HERE.remove(real);
        throw e;
      }
    } catch (FileAlreadyExistsException e) {
      throw new DataFolderException(
          "the data folder %s cannot be created: %s is there and is no folder; name another with --data"
              .formatted(path, e.getFile()));
    } catch (AccessDeniedException e) {
      throw new DataFolderException(
          "the data folder %s cannot be written to (no permission for %s); name another with --data"
              .formatted(path, e.getFile()));
    } catch (IOException e) {
      throw new DataFolderException(
          "the data folder %s cannot be used (%s); mend that, or name another with --data"
              .formatted(path, e));
    }
  }

  private static void create(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(
          path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  private static FileChannel locked(Path path) throws IOException, DataFolderException {
    FileChannel channel =
        FileChannel.open(
            path.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw inUse(path, holder(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(UTF_8)), 0);
      return channel;
    } catch (IOException | DataFolderException e) {
      channel.close(); // a full disk is no reason to keep the lock
      throw e;
    }
  }

  private static DataFolderException inUse(Path path, String holder) {
    return new DataFolderException(
        "the data folder %s is in use by the process %s; stop it, or give this one a folder of its own with --data"
            .formatted(path, holder));
  }

  private static String holder(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(32);
    channel.read(text, 0);
    String pid = UTF_8.decode(text.flip()).toString().strip();
    return pid.isEmpty() ? "that has just started" : pid;
  }

  public Path path() {
    return path;
  }

  public Path controlSocket() {
    return controlSocket(path);
  }

  /** Where the process that works on {@code data} can be asked. */
  public static Path controlSocket(Path data) {
    return data.resolve(SOCKET);
  }

  @Override
  public void close() throws IOException {
    channel.close();
    HELD_HERE.remove(real);
  }
}
