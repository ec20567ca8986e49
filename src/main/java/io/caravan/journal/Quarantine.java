/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps copies of damaged bytes for people to look at, up to a bound, and tells of each damage
 * once, however often it is read. Thread-safe.
 */
final class Quarantine {
  private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);
  private static final String PREFIX = "corrupt-";
  private static final long MOST_BYTES = 64 << 20;

  private final JournalFolder folder;
  private final JournalListener listener;
  private long kept = -1;

  Quarantine(JournalFolder folder, JournalListener listener) {
    this.folder = folder;
    this.listener = listener;
  }

  /** Copies {@code length} bytes at {@code offset} of a segment's file. */
  synchronized void keep(Segment segment, JournalFile file, long offset, long length) {
    String name = "%s%020d-%d".formatted(PREFIX, segment.number(), offset);
    try {
      if (folder.list().contains(name)) {
        return;
      }
      listener.corrupt(segment.fileName(), offset, length);
      boolean room = kept() + length <= MOST_BYTES;
      LOG.error(
          "event=journal_corrupt segment={} offset={} bytes={} kept_as={}",
          segment.fileName(),
          offset,
          length,
          room ? name : "none, the bound of 64 MiB is reached");
      if (room) {
        copy(name, file, offset, length);
        kept += length;
      }
    } catch (IOException e) {
      LOG.warn("event=journal_corrupt_not_kept file={} reason=\"{}\"", name, e.toString());
    }
  }

  private void copy(String name, JournalFile file, long offset, long length) throws IOException {
    try (JournalFile copy = folder.create(name)) {
      FileCopy.copy(file, offset, length, copy, 0);
    }
  }

  private long kept() throws IOException {
    if (kept < 0) {
      long sum = 0;
      for (String name : folder.list()) {
        if (name.startsWith(PREFIX)) {
          try (JournalFile file = folder.open(name)) {
            sum += file.size();
          }
        }
      }
      kept = sum;
    }
    return kept;
  }
}
