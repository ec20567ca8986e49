/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
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

  /** However often is acknowledged, there are not more than so many entries a second. */
  private static final long PACE_NANOS = 2_000_000;

  private static final long TICK_NANOS = 1_000_000_000;
  private static final long TIDY_NANOS = 100_000_000;

  private final JournalFolder folder;
  private final JournalSettings settings;
  private final Segments segments;
  private final FreeFiles freeFiles;
  private final Bounds bounds;
  private final Compaction compaction;
  private final ProgressSaver saver;
  private final Queue<Place> changed = new ConcurrentLinkedQueue<>();

  // Of the keeping thread, and of whoever opens the journal before it starts.
  private final Set<Place> touched = new LinkedHashSet<>();
  private long tidied = System.nanoTime();
  private long looked = System.nanoTime();
  private volatile boolean closed;

  /** Waits for something to do, and not for the next turn: only then is it to be woken. */
  private volatile boolean idle;

  private volatile @Nullable Thread thread;

  Keeper(
      JournalFolder folder,
      JournalSettings settings,
      Places places,
      Segments segments,
      FreeFiles freeFiles,
      Bounds bounds,
      JournalListener listener) {
    this.folder = folder;
    this.compaction = new Compaction(folder, places);
    this.saver = new ProgressSaver(folder, places, segments, listener);
    this.settings = settings;
    this.segments = segments;
    this.freeFiles = freeFiles;
    this.bounds = bounds;
  }

  /** Something of the place is to be saved. Any thread. */
  void changed(Place place) {
    changed.add(place);
    if (idle) {
      LockSupport.unpark(thread);
    }
  }

  /** Whether there is a file of this process. Any thread. */
  boolean saved() {
    return saver.saved();
  }

  /** Has the thread do its work once more and end. */
  void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  /** Begins a file of this process, and deletes those of others that are overtaken by it. */
  void start(int firstFile) {
    freeFiles.deleteAll();
    look();
    saver.start(firstFile);
    deleteUnfinished();
  }

  private void deleteUnfinished() {
    try {
      for (String name : folder.list()) {
        if (Compaction.isUnfinished(name)) {
          folder.delete(name);
        }
      }
    } catch (IOException e) {
      saver.failed(e);
    }
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
      pause();
    }
    work();
    saver.close();
    freeFiles.close();
    tidy();
    saver.closeFile();
  }

  private void pause() {
    long until = System.nanoTime() + PACE_NANOS;
    for (long left = PACE_NANOS; left > 0 && !closed; left = until - System.nanoTime()) {
      LockSupport.parkNanos(this, left);
    }
    idle = true; // before it looks, so that what comes in between wakes it
    if (changed.isEmpty() && !closed) {
      LockSupport.parkNanos(this, touched.isEmpty() ? TICK_NANOS : TIDY_NANOS);
    }
    idle = false;
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
    saver.keepUp();
  }

  private void look() {
    try {
      long usable = folder.usableSpace();
      long keep = folder.totalSpace() / 100 * settings.freePercent();
      freeFiles.look(usable - keep);
      bounds.fileSystem(usable, keep);
      // Again and again, or a process that began on a full disk would refuse for ever.
      bounds.raise(settings.bound(usable + segments.diskBytes() + freeFiles.diskBytes()));
    } catch (IOException e) {
      saver.failed(e);
    }
  }

  private void save() {
    List<Place> taken = new ArrayList<>();
    for (Place place = changed.poll(); place != null; place = changed.poll()) {
      taken.add(place);
    }
    touched.addAll(taken);
    saver.save(taken);
  }

  private void tidy() {
    List<Segment> deletable = new ArrayList<>();
    for (Segment segment : segments.all()) {
      touched.forEach(segment::forget);
      if (segment.deletable()) {
        deletable.add(segment);
      } else if (Compaction.isWorthwhile(segment, segments.next()) && !saver.failing()) {
        try {
          compaction.compact(segment, () -> saver.persist(touched));
        } catch (IOException e) {
          saver.failed(e);
        }
      }
    }
    if (!deletable.isEmpty()) {
      delete(deletable);
    }
    touched.clear();
  }

  private void delete(List<Segment> deletable) {
    // On a disk that cannot be written to, what is deleted may be what makes the room to.
    if (!saver.failing()) {
      try {
        saver.persist(touched);
      } catch (IOException e) {
        saver.failed(e);
        return;
      }
    }
    for (Segment segment : deletable) {
      segments.remove(segment);
      try {
        freeFiles.retire(segment);
      } catch (IOException e) {
        saver.failed(e); // the next start deletes it
      }
    }
  }
}
