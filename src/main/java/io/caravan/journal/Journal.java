/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only log of requests, and a {@link Place} on it for each that reads it.
 *
 * <p>What was told to be written is there after the process was killed; if it was durable also
 * after a power loss. A record is kept until each of its places has acknowledged it. Thread-safe.
 * One process at a time may have a folder open, which whoever opens it sees to.
 */
public final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  private final Segments segments = new Segments();
  private final Places places = new Places();
  private final AppendQueue queue = new AppendQueue();
  private final Bounds bounds;
  private final RetainedPlaces retained;
  private final PlaceReader reader;
  private final FreeFiles freeFiles;
  private final Keeper keeper;
  private final Writer writer;
  private final Thread writing;
  private final Thread keeping;

  private Journal(
      JournalFolder folder,
      JournalSettings settings,
      JournalListener listener,
      ByteBufAllocator allocator)
      throws IOException {
    bounds = new Bounds(settings.bound(0), settings.guaranteedPercent());
    retained = new RetainedPlaces(places, bounds, this::create);
    Quarantine quarantine = new Quarantine(folder, listener);
    reader = new PlaceReader(folder, segments, quarantine, listener, allocator);
    freeFiles = new FreeFiles(folder, settings.segmentBytes());
    keeper = new Keeper(folder, settings, places, segments, freeFiles, bounds, listener);
    SavedProgress saved = SavedProgress.read(folder);
    Recovery recovery = new Recovery(folder, saved, segments, quarantine, listener);
    recovery.run();
    restore(saved, recovery, listener);
    keeper.start(saved.nextFile());
    writer =
        new Writer(
            folder,
            settings,
            queue,
            segments,
            freeFiles,
            places,
            keeper::saved,
            listener,
            InstantSource.system(),
            new SecureRandom().nextLong());
    writing = thread("journal-writer", writer);
    keeping = thread("journal-keeper", keeper);
  }

  /**
   * Opens the journal of a folder; an empty folder is an empty journal. Reads the headers of all
   * records that are there.
   *
   * @throws UnknownFormatException if a file was written by a version that is too new
   * @throws IOException if the folder cannot be read. If it can be read and not written, the
   *     journal opens, what is there can be delivered, and appends fail until it can be written.
   */
  public static Journal open(
      JournalFolder folder, JournalSettings settings, JournalListener listener) throws IOException {
    Journal journal = new Journal(folder, settings, listener, PooledByteBufAllocator.DEFAULT);
    journal.writing.start();
    journal.keeping.start();
    return journal;
  }

  private static Thread thread(String name, Runnable work) {
    return Thread.ofPlatform().name(name).daemon().unstarted(work);
  }

  private void restore(SavedProgress saved, Recovery recovery, JournalListener listener) {
    places.numberSeen(Math.max(saved.nextPlace() - 1, recovery.lastPlace()));
    segments.all().forEach(segment -> segment.keepOnly(recovery.places().keySet()));
    for (Map.Entry<Integer, String> one : recovery.places().entrySet()) {
      int number = one.getKey();
      Place place = create(number, one.getValue());
      RecoveredPlace found = recovery.found(number);
      long unknown = place.restore(saved.state(number, one.getValue()), found);
      places.add(place);
      if (unknown > 0 && saved.places().containsKey(number)) {
        missing(place, unknown, listener);
      }
      found.lost().forEach(receipt -> listener.lost(place, receipt));
      place.touch();
    }
    retained.removeOrphans();
  }

  private static void missing(Place place, long entries, JournalListener listener) {
    listener.missing(place, entries);
    LOG.error(
        "event=journal_requests_missing place={} requests={} reason=\"they have numbers and are in no"
            + " segment, and nobody had saved how many records they held: a segment was deleted, or"
            + " the disk refused them and could not save that either\"",
        place,
        entries);
  }

  private Place create(int number, String id) {
    Bounds.Share share = RetainedPlaces.isId(id) ? bounds.openYielding() : bounds.open();
    return new Place(number, id, share, segments, reader, keeper::changed);
  }

  /**
   * The place of this id, which is created, empty, if there is none.
   *
   * @param id at most 65,535 bytes of UTF-8
   */
  public Place place(String id) {
    Place place = places.get(id, this::create);
    place.touch();
    return place;
  }

  public Optional<Place> find(String id) {
    return places.find(id);
  }

  /** All places, those of processes before this one included; without {@link #retained}. */
  public List<Place> places() {
    return places.all().stream().filter(place -> !RetainedPlaces.isId(place.id())).toList();
  }

  /** The places of what others have done with. */
  public RetainedPlaces retained() {
    return retained;
  }

  /**
   * Forgets a place with all that is pending and retained there; it takes nothing from now on. A
   * place of the same id that is created later is another, and empty.
   */
  public void remove(Place place) {
    places.remove(place);
    place.remove();
    retained.remove(place);
  }

  /**
   * Has an entry written, whose targets have reserved their bytes. Takes over one reference to the
   * payload, of which nobody changes the bytes or the indices before the answer. Reads the payload
   * once, for its checksum, and never blocks.
   */
  public void append(Entry entry, AppendListener listener) {
    Append append = new Append(entry, listener);
    if (entry.headerLength() > RecordHeader.LONGEST) {
      append.failed(
          new IOException("an entry of that many targets and resources cannot be written"));
    } else if (!queue.add(append)) {
      append.failed(new ClosedChannelException());
    }
  }

  /** Why entries are refused, if the last could not be written. */
  public Optional<IOException> failure() {
    return writer.failure();
  }

  /** Bytes that the segments take on the disk, and the files that wait to be segments again. */
  public long diskBytes() {
    return segments.diskBytes() + freeFiles.diskBytes();
  }

  /** The number of segments. */
  public int segments() {
    return segments.all().size();
  }

  /**
   * Writes and answers what was appended before, saves the progress and lets go of the files. What
   * is appended from now on fails.
   */
  @Override
  public void close() {
    queue.close();
    join(writing);
    keeper.close();
    join(keeping);
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true; // the files have to be complete; the caller hears of it afterwards
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
