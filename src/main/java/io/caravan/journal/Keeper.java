/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves what places have done with, deletes segments that nobody needs, and looks how much the file
 * system has left, on a thread of its own, so that neither appends nor acknowledgements wait for
 * it.
 */
final class Keeper implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);
  private static final long TICK_NANOS = 1_000_000_000;
  private static final long TIDY_NANOS = 100_000_000;
  private static final long SYNC_NANOS = 10_000_000_000L;
  private static final long MOST_APPENDED = 1 << 20;

  private final JournalFolder folder;
  private final JournalSettings settings;
  private final Places places;
  private final Segments segments;
  private final Bounds bounds;
  private final JournalListener listener;
  private final Compaction compaction;
  private final Queue<Place> changed = new ConcurrentLinkedQueue<>();

  // Of the keeping thread, and of whoever opens the journal before it starts.
  private final List<Place> touched = new ArrayList<>();
  private @Nullable ProgressFile file;
  private int nextFile;
  private int lastSaved;
  private boolean snapshotDue;
  private long tidied = System.nanoTime();
  private long looked = System.nanoTime();
  private long synced = System.nanoTime();
  private long failedAt;
  private boolean failing;
  private volatile boolean saved;
  private volatile boolean closed;
  private volatile @Nullable Thread thread;

  Keeper(
      JournalFolder folder,
      JournalSettings settings,
      Places places,
      Segments segments,
      Bounds bounds,
      JournalListener listener) {
    this.folder = folder;
    this.compaction = new Compaction(folder, places);
    this.settings = settings;
    this.places = places;
    this.segments = segments;
    this.bounds = bounds;
    this.listener = listener;
  }

  /** Something of the place is to be saved. Any thread. */
  void changed(Place place) {
    changed.add(place);
    LockSupport.unpark(thread);
  }

  /** Whether there is a file of this process. Any thread. */
  boolean saved() {
    return saved;
  }

  /** Has the thread do its work once more and end. */
  void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  /** Begins a file of this process, and deletes those of others that are overtaken by it. */
  void start(int firstFile) {
    nextFile = firstFile;
    look();
    snapshot();
  }

  @Override
  public void run() {
    thread = Thread.currentThread();
    while (!closed) {
      try {
        work();
      } catch (RuntimeException e) {
        LOG.error("event=journal_keeper_failed", e);
      }
      if (changed.isEmpty() && !closed) {
        LockSupport.parkNanos(this, touched.isEmpty() ? TICK_NANOS : TIDY_NANOS);
      }
    }
    work();
    if (file == null || file.appended() > 0) {
      snapshot();
    }
    tidy();
    closeFile();
  }

  private void work() {
    long now = System.nanoTime();
    if (now - looked > TICK_NANOS) {
      looked = now;
      look();
    }
    save();
    if (now - tidied > (touched.isEmpty() ? TICK_NANOS : TIDY_NANOS)) {
      tidied = now;
      tidy();
    }
    if (snapshotDue && (!failing || now - failedAt > TICK_NANOS)) {
      snapshot();
    } else if (now - synced > SYNC_NANOS) {
      synced = now;
      sync();
    }
  }

  private void look() {
    try {
      bounds.fileSystem(folder.usableSpace(), folder.totalSpace() / 100 * settings.freePercent());
    } catch (IOException e) {
      failed(e);
    }
  }

  private void save() {
    List<ProgressEntry> entries = new ArrayList<>();
    for (Place place = changed.poll(); place != null; place = changed.poll()) {
      touched.add(place);
      IntervalSet done = place.takeUnsaved();
      if (place.removed()) {
        entries.add(new ProgressEntry.Removed(place.number()));
        snapshotDue = true;
      } else if (place.number() > lastSaved) {
        snapshotDue = true; // a place that the file does not know
      } else if (!done.isEmpty()) {
        entries.add(new ProgressEntry.Done(place.number(), done));
      }
    }
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
          || Compaction.isUnfinished(name)
          || ProgressFile.isName(name) && ProgressFile.number(name) < number) {
        folder.delete(name);
      }
    }
  }

  private void tidy() {
    for (Segment segment : segments.all()) {
      touched.forEach(segment::forget);
      if (segment.deletable()) {
        segments.remove(segment);
        try {
          folder.delete(segment.fileName());
        } catch (IOException e) {
          failed(e); // the next start deletes it
        }
      } else if (Compaction.isWorthwhile(segment, segments.next()) && !failing) {
        try {
          compaction.compact(segment);
        } catch (IOException e) {
          failed(e);
        }
      }
    }
    touched.clear();
  }

  private void failed(IOException cause) {
    listener.progressFailed(cause);
    if (!failing) {
      LOG.warn("event=journal_progress_failed folder={} reason=\"{}\"", folder, cause.toString());
    }
    failing = true;
    failedAt = System.nanoTime();
    snapshotDue = true;
  }

  private void closeFile() {
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
