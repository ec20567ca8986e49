/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after a server's files on a thread of its own; none where there are no files. */
final class FileWatcher implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(OtlpServer.class);

  private final CountDownLatch closed = new CountDownLatch(1);

  private FileWatcher() {}

  static FileWatcher start(List<WatchedFiles> files) {
    FileWatcher watcher = new FileWatcher();
    if (!files.isEmpty()) {
      Thread.ofVirtual().name("otlp-files").start(() -> watcher.run(files));
    }
    return watcher;
  }

  private void run(List<WatchedFiles> files) {
    try {
      while (!closed.await(WatchedFiles.PERIOD.toMillis(), TimeUnit.MILLISECONDS)) {
        files.forEach(FileWatcher::look);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void look(WatchedFiles files) {
    try {
      files.look();
    } catch (RuntimeException e) {
      // An error of ours in one of them must not keep the others from being renewed.
      LOG.error("event=files_watch_failed", e);
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
