/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what places have done with in a file, and begins another where that is too long or cannot be
 * written. Used by one thread; {@link #saved} by any.
 */
final class ProgressSaver {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressSaver.class);
  private static final long AGAIN_NANOS = 1_000_000_000;
  private static final long SYNC_NANOS = 10_000_000_000L;
  private static final long MOST_APPENDED = 1 << 20;

  private final JournalFolder folder;
  private final Places places;
  private final Segments segments;
  private final JournalListener listener;
  private @Nullable ProgressFile file;
  private int nextFile;
  private int lastSaved;
  private boolean snapshotDue;
  private long synced = System.nanoTime();
  private long failedAt;
  private boolean failing;
  private volatile boolean saved;

  ProgressSaver(JournalFolder folder, Places places, Segments segments, JournalListener listener) {
    this.folder = folder;
    this.places = places;
    this.segments = segments;
    this.listener = listener;
  }

  /** Whether there is a file of this process. */
  boolean saved() {
    return saved;
  }

  /** Whether the last that was to be written could not be. */
  boolean failing() {
    return failing;
  }

  /** Begins a file of this process, and deletes those of others that are overtaken by it. */
  void start(int firstFile) {
    nextFile = firstFile;
    snapshot();
  }

  /** Saves what has changed at places. */
  void save(Collection<Place> changed) {
    List<ProgressEntry> entries = new ArrayList<>();
    changed.forEach(place -> add(place, entries));
    append(entries);
  }

  /** Has a file written again, or synced, when it is time to. */
  void keepUp() {
    long now = System.nanoTime();
    if (snapshotDue && (!failing || now - failedAt > AGAIN_NANOS)) {
      snapshot();
    } else if (now - synced > SYNC_NANOS) {
      sync();
    }
  }

  /**
   * Has all that was done until now survive a power loss: before records are destroyed, or another
   * process could not tell whether they were delivered or lost.
   *
   * @param removed places that are gone, perhaps since a moment ago
   */
  void persist(Collection<Place> removed) throws IOException {
    save(removed);
    save(places.all());
    if (snapshotDue) {
      snapshot();
    }
    sync();
    if (file == null) {
      throw new IOException("the progress cannot be saved");
    }
  }

  /** Leaves one file with all in it. */
  void close() {
    if (file == null || file.appended() > 0) {
      snapshot();
    }
  }

  private void add(Place place, List<ProgressEntry> entries) {
    Optional<ProgressEntry> unsaved = place.takeUnsaved();
    if (place.removed()) {
      snapshotDue = true;
    } else if (place.number() > lastSaved) {
      snapshotDue = true; // a place that the file does not know
      return;
    }
    unsaved.ifPresent(entries::add);
  }

  private void append(List<ProgressEntry> entries) {
    ProgressFile to = file;
    if (to == null || entries.isEmpty()) {
      return;
    }
    try {
      to.append(entries);
      snapshotDue |= to.appended() > MOST_APPENDED + 4 * to.snapshotBytes();
    } catch (IOException e) {
      // What would follow behind a torn entry could not be read.
      closeFile();
      failed(e);
    }
  }

  private void sync() {
    synced = System.nanoTime();
    ProgressFile to = file;
    if (to != null) {
      try {
        to.sync();
      } catch (IOException e) {
        closeFile();
        failed(e);
      }
    }
  }

  private void snapshot() {
    int number = nextFile++;
    List<ProgressEntry> entries = places.snapshot(segments.next());
    int last = lastNumber(entries);
    try {
      ProgressFile next = ProgressFile.create(folder, number, entries);
      closeFile();
      file = next;
      lastSaved = last;
      saved = true;
      snapshotDue = false;
      failing = false;
      synced = System.nanoTime();
      deleteOthers(number);
    } catch (IOException e) {
      closeFile(); // what was taken for the snapshot is in no file
      failed(e);
    }
  }

  private static int lastNumber(List<ProgressEntry> snapshot) {
    int last = 0;
    for (ProgressEntry entry : snapshot) {
      if (entry instanceof ProgressEntry.Snapshot(_, int nextPlace, _)) {
        last = nextPlace - 1;
      }
    }
    return last;
  }

  private void deleteOthers(int number) throws IOException {
    for (String name : folder.list()) {
      if (ProgressFile.isUnfinished(name)
          || (ProgressFile.isName(name) && ProgressFile.number(name) < number)) {
        folder.delete(name);
      }
    }
  }

  /** Says that the disk does not do what it should. */
  void failed(IOException cause) {
    listener.progressFailed(cause);
    if (!failing) {
      LOG.warn(
          "event=journal_progress_failed folder={} reason=\"{}\" action=\"tried again; a restart before"
              + " delivers again what was delivered since\"",
          folder,
          cause.toString());
    }
    failing = true;
    failedAt = System.nanoTime();
    snapshotDue = true;
  }

  void closeFile() {
    ProgressFile old = file;
    file = null;
    if (old != null) {
      try {
        old.close();
      } catch (IOException e) {
        LOG.warn("event=journal_progress_not_closed reason=\"{}\"", e.toString());
      }
    }
  }
}
