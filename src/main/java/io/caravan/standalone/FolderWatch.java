/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Wakes its caller when something stirs in a folder. It says nothing of what: whoever wakes looks
 * for himself, so that a lost or a doubled event means nothing. One inotify instance on Linux,
 * whatever the number of folders.
 */
sealed interface FolderWatch extends AutoCloseable {

  /**
   * Watches folders. Where the operating system refuses (a Linux machine has 128 inotify instances
   * a user, and others use them too), every call of {@link #await} takes its whole time, which is
   * slower and as sure.
   */
  static FolderWatch of(List<Path> folders) {
    try {
      return new OfEvents(FileSystems.getDefault().newWatchService(), folders);
    } catch (IOException e) {
      EventLog.notWatched(folders, e);
      return new OfTime();
    }
  }

  /**
   * Returns when something has stirred, or the time is over.
   *
   * @throws ClosedWatchServiceException once this is closed
   */
  void await(Duration atMost) throws InterruptedException;

  @Override
  void close() throws IOException;

  /** Wakes by the events of the operating system. */
  final class OfEvents implements FolderWatch {
    /** A burst of events is one reason to look. */
    private static final Duration BURST = Duration.ofMillis(20);

    /** Somebody who writes without end delays nobody else's change. */
    private static final Duration BURST_AT_MOST = Duration.ofMillis(100);

    private final WatchService service;
    private final List<Path> folders;
    private final Set<Path> refused = new HashSet<>();

    private OfEvents(WatchService service, List<Path> folders) {
      this.service = service;
      this.folders = List.copyOf(folders);
      watchAll();
    }

    /**
     * Every time anew: a folder's path may lead to another one since, by a link or a move, of which
     * the old one's watch tells nothing. For the same folder the answer is the same key.
     */
    private void watchAll() {
      for (Path folder : folders) {
        try {
          folder.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
          refused.remove(folder);
        } catch (NoSuchFileException | NotDirectoryException e) {
          refused.remove(folder); // looked for again at the next call
        } catch (IOException e) {
          if (refused.add(folder)) {
            EventLog.notWatched(folder, e);
          }
        }
      }
    }

    @Override
    public void await(Duration atMost) throws InterruptedException {
      WatchKey key = service.poll(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS);
      long end = System.nanoTime() + BURST_AT_MOST.toNanos();
      while (key != null) {
        key.pollEvents();
        key.reset();
        key =
            System.nanoTime() - end > 0
                ? null
                : service.poll(BURST.toMillis(), TimeUnit.MILLISECONDS);
      }
      watchAll();
    }

    @Override
    public void close() throws IOException {
      service.close();
    }
  }

  /** Wakes by time alone. */
  final class OfTime implements FolderWatch {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public void await(Duration atMost) throws InterruptedException {
      if (closed.await(Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS)) {
        throw new ClosedWatchServiceException();
      }
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }
}
