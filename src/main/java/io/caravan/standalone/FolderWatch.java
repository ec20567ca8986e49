/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Wakes its caller when something stirs in a folder. It says nothing of what: whoever wakes looks
 * for himself, so that a lost or a doubled event means nothing. One inotify instance on Linux,
 * whatever the number of folders.
 */
final class FolderWatch implements AutoCloseable {
  /** A burst of events is one reason to look. */
  private static final Duration BURST = Duration.ofMillis(20);

  /** Somebody who writes without end delays nobody else's change. */
  private static final Duration BURST_AT_MOST = Duration.ofMillis(100);

  private final WatchService service;
  private final List<Path> folders;
  private final Map<Path, WatchKey> keys = new HashMap<>();

  FolderWatch(List<Path> folders) throws IOException {
    this.service = FileSystems.getDefault().newWatchService();
    this.folders = List.copyOf(folders);
    watchAll();
  }

  /** Also watches again what was removed and is there again. */
  private void watchAll() throws IOException {
    for (Path folder : folders) {
      WatchKey key = keys.get(folder);
      if (key == null || !key.isValid()) {
        try {
          keys.put(
              folder,
              folder.register(
                  service,
                  StandardWatchEventKinds.ENTRY_CREATE,
                  StandardWatchEventKinds.ENTRY_MODIFY,
                  StandardWatchEventKinds.ENTRY_DELETE));
        } catch (NoSuchFileException | NotDirectoryException e) {
          keys.remove(folder); // looked for again at the next call
        }
      }
    }
  }

  /** Returns when something has stirred, or the time is over. */
  void await(Duration atMost) throws InterruptedException, IOException {
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
