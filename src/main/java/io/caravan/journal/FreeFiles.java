/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of segments that nobody needs any more, to be written over: the file system then allocates
 * no blocks and has no new length to commit, which makes a sync several times as fast (decision
 * 0014). A few, and only for as long as they are asked for. Thread-safe.
 */
final class FreeFiles {
  private static final Logger LOG = LoggerFactory.getLogger(FreeFiles.class);
  private static final String SUFFIX = ".free";

  /** What is written between two looks at what can be written over, at a gibibyte a second. */
  private static final int MOST = 4;

  /** With less than this many segments to its bound, the file system gets all back. */
  private static final int TIGHT = 16;

  private static final long IDLE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private record FreeFile(String name, long bytes) {}

  private final JournalFolder folder;
  private final long segmentBytes;

  // Guarded by this.
  private final Deque<FreeFile> files = new ArrayDeque<>();
  private long touched = System.nanoTime();
  private boolean keeps = true;

  FreeFiles(JournalFolder folder, long segmentBytes) {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
  }

  /** The name of a file to be written over, which is the caller's from now on. */
  synchronized Optional<String> take() {
    touched = System.nanoTime();
    return Optional.ofNullable(files.poll()).map(FreeFile::name);
  }

  /** Bytes that they take on the disk. */
  synchronized long diskBytes() {
    return files.stream().mapToLong(FreeFile::bytes).sum();
  }

  /** Keeps or deletes the file of a segment that nobody needs and that is in no list any more. */
  void retire(Segment segment) throws IOException {
    String name = segment.fileName();
    long bytes = segment.diskBytes();
    // Asked in any case: from now on nobody begins to read it.
    boolean reusable = segment.retire();
    if (!reusable || bytes > 2 * segmentBytes || !hasRoom()) {
      folder.delete(name);
      return;
    }
    folder.rename(name, name + SUFFIX);
    // Else the old name could come back after a power loss, with the bytes of another segment.
    folder.sync();
    synchronized (this) {
      files.add(new FreeFile(name + SUFFIX, bytes));
    }
  }

  private synchronized boolean hasRoom() {
    return keeps && files.size() < MOST;
  }

  /**
   * Gives back what nobody has taken for a minute, and all when the file system has little left.
   *
   * @param left bytes that may still be written to the file system
   */
  synchronized void look(long left) {
    keeps = left > TIGHT * segmentBytes;
    if (!keeps || System.nanoTime() - touched > IDLE_NANOS) {
      files.forEach(file -> delete(file.name));
      files.clear();
    }
  }

  /** Deletes what a process before this one has left, of which nothing is known. */
  void deleteAll() {
    try {
      folder.list().stream().filter(FreeFiles::isName).forEach(this::delete);
    } catch (IOException e) {
      LOG.warn("event=journal_unreadable folder={} reason=\"{}\"", folder, e.toString());
    }
  }

  /** Gives all back, and keeps none from now on. */
  synchronized void close() {
    look(Long.MIN_VALUE);
  }

  private static boolean isName(String name) {
    return name.endsWith(SUFFIX)
        && SegmentHeader.isFileName(name.substring(0, name.length() - SUFFIX.length()));
  }

  /** A file that stays is of no harm but for its bytes, and the next start tries again. */
  private void delete(String name) {
    try {
      folder.delete(name);
    } catch (IOException e) {
      LOG.warn("event=journal_free_file_not_deleted file={} reason=\"{}\"", name, e.toString());
    }
  }
}
