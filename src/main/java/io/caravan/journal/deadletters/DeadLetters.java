/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import io.caravan.journal.Journal;
import io.caravan.journal.JournalFolder;
import io.caravan.journal.JournalSettings;
import io.caravan.journal.Place;
import io.caravan.journal.StoredRecord;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what no backend took, by pipeline, until its bytes or its age reach a bound: the oldest go
 * first. A letter that was told to be stored survives a power loss. Thread-safe. One process at a
 * time may have a folder open, which whoever opens it sees to.
 */
public final class DeadLetters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

  /** The journal takes half of what the file system has left, and needs it more. */
  private static final int ROOM_PERCENT = 25;

  private static final int SEGMENT_BYTES = 16 << 20;
  private static final long SWEEP_SECONDS = 10;
  private static final long CLOSE_SECONDS = 5;

  private final Journal journal;
  private final Letters letters;
  private final Retention retention;
  private final DeadLetterWriter writer;
  private final ScheduledExecutorService sweeping =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("dead-letters").factory());

  private DeadLetters(
      Journal journal,
      DeadLetterSettings settings,
      DeadLetterListener listener,
      InstantSource clock) {
    this.journal = journal;
    letters = new Letters(listener);
    retention = new Retention(journal, letters, settings.age(), clock);
    writer = new DeadLetterWriter(journal, settings.bytes(), retention, sweeping);
  }

  /**
   * Opens the dead letters of a folder of their own; an empty folder has none. Together they take
   * at most a quarter of what the file system has left beside them.
   *
   * @throws io.caravan.journal.UnknownFormatException if a file was written by a version that is
   *     too new
   * @throws IOException if the folder cannot be read. If it can be read and not written, what is
   *     there can be read, and no letter is stored until it can be written.
   */
  public static DeadLetters open(
      JournalFolder folder, DeadLetterSettings settings, DeadLetterListener listener)
      throws IOException {
    JournalSettings bounds =
        JournalSettings.of(settings.processBytes())
            .withRoomPercent(ROOM_PERCENT)
            .withSegmentBytes(SEGMENT_BYTES);
    DeadLetters opened = open(folder, settings, bounds, listener, InstantSource.system());
    var _ =
        opened.sweeping.scheduleWithFixedDelay(opened::sweep, 0, SWEEP_SECONDS, TimeUnit.SECONDS);
    return opened;
  }

  /** Without a sweep but those that somebody asks for. */
  static DeadLetters open(
      JournalFolder folder,
      DeadLetterSettings settings,
      JournalSettings bounds,
      DeadLetterListener listener,
      InstantSource clock)
      throws IOException {
    return new DeadLetters(Journal.open(folder, bounds, listener), settings, listener, clock);
  }

  /**
   * Stores a letter, and lets go of the oldest of its pipeline where there is no room for it. Never
   * blocks.
   *
   * @param letter takes over one reference to its payload
   * @param stored is told once, on another thread or on this one: null when the letter survives a
   *     power loss, so that what it was made of may be forgotten; or why it is not stored, and then
   *     it is all right to try again later. It must neither block nor take long.
   */
  public void add(String pipeline, DeadLetter letter, Consumer<@Nullable IOException> stored) {
    writer.add(pipeline, letter, stored);
  }

  /** Gives up what is too old. */
  void sweep() {
    try {
      retention.expire();
      writer.removeEmptyPlaces();
    } catch (RuntimeException e) { // or nobody would ever sweep again
      LOG.error("event=dead_letters_not_swept", e);
    }
  }

  /** The pipelines that have letters, and how much. */
  public SortedMap<String, DeadLetterCounts> counts() {
    SortedMap<String, DeadLetterCounts> counts = new TreeMap<>();
    for (Place place : journal.places()) {
      DeadLetterCounts one = Letters.counts(place);
      if (one.letters() > 0) {
        counts.put(place.id(), one);
      }
    }
    return counts;
  }

  /** How much a pipeline has. While letters are being written, their bytes may count already. */
  public DeadLetterCounts counts(String pipeline) {
    return journal.find(pipeline).map(Letters::counts).orElse(DeadLetterCounts.NONE);
  }

  /** Where a list of all letters of a pipeline begins. */
  public long oldest(String pipeline) {
    return journal.find(pipeline).map(Place::oldest).orElse(0L);
  }

  /** Beyond all letters of a pipeline that are there now, and before those that come. */
  public long end(String pipeline) {
    return journal.find(pipeline).map(Place::end).orElse(0L);
  }

  /** The oldest letters of a pipeline, at most so many; see {@link #list(String, long, int)}. */
  public DeadLetterPage list(String pipeline, int most) throws IOException {
    Optional<Place> place = journal.find(pipeline);
    return place.isPresent()
        ? letters.page(place.get(), place.get().oldest(), most)
        : DeadLetterPage.NONE;
  }

  /**
   * Letters of a pipeline, the oldest first; not those that a newer version wrote in another form.
   * Reads files, so not on an event loop.
   *
   * @param from the {@link DeadLetterPage#next} of another page
   * @param most at least 1
   * @throws IOException if they cannot be read; it is all right to try again
   */
  public DeadLetterPage list(String pipeline, long from, int most) throws IOException {
    Optional<Place> place = journal.find(pipeline);
    return place.isPresent() ? letters.page(place.get(), from, most) : DeadLetterPage.NONE;
  }

  /**
   * A letter with its payload, which the caller releases; empty if it is there no longer, or if a
   * newer version wrote it in another form. Reads files, so not on an event loop.
   *
   * @throws IOException if it cannot be read; it is all right to try again
   */
  public Optional<DeadLetter> read(DeadLetterId id) throws IOException {
    Optional<Place> place = journal.find(id.pipeline());
    return place.isPresent() ? Letters.read(place.get(), id.position()) : Optional.empty();
  }

  /**
   * Lets go of a letter that went elsewhere, for which no listener is told; after a power loss it
   * may be there again. Reads files, so not on an event loop.
   *
   * @return false if it was there no longer
   */
  public boolean remove(DeadLetterId id) throws IOException {
    Optional<Place> place = journal.find(id.pipeline());
    if (place.isEmpty()) {
      return false;
    }
    Optional<StoredRecord> record = place.get().find(id.position());
    record.ifPresent(found -> found.payload().release());
    return record.isPresent() && place.get().acknowledge(record.get().receipt());
  }

  /**
   * Lets go of all letters of a pipeline that are there now; the listener is told of each. Reads
   * files, so not on an event loop.
   *
   * @return what there was
   */
  public DeadLetterCounts purge(String pipeline) throws IOException {
    Optional<Place> place = journal.find(pipeline);
    long[] gone = new long[3];
    if (place.isPresent()) {
      OptionalLong _ =
          letters.visit(
              place.get(),
              place.get().oldest(),
              (record, letter) -> {
                if (letters.drop(place.get(), record, letter, DeadLetterListener.Cause.PURGED)) {
                  gone[0]++;
                  gone[1] += record.records();
                  gone[2] += Envelope.payloadBytes(record.receipt());
                }
                return true;
              });
    }
    return new DeadLetterCounts(gone[0], gone[1], gone[2]);
  }

  /** Stores what was added before. What is added from now on fails. */
  @Override
  public void close() {
    sweeping.shutdown();
    try {
      if (!sweeping.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("event=dead_letters_closed_early reason=\"the disk does not answer\"");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the files have to be complete all the same
    }
    journal.close();
  }
}
