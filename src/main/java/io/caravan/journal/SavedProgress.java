/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What processes before this one have saved of their places. Used by one thread. */
final class SavedProgress {
  private static final Logger LOG = LoggerFactory.getLogger(SavedProgress.class);

  private final Map<Integer, PlaceState> places = new HashMap<>();
  private final Set<Integer> removed = new HashSet<>();
  private int nextSegment = 1;
  private int snapshotPlaces;
  private int nextPlace = 1;
  private int nextFile = 1;

  private SavedProgress() {}

  /**
   * Reads the newest file whose snapshot is sound.
   *
   * @throws UnknownFormatException if it was written by a version that is too new
   */
  static SavedProgress read(JournalFolder folder) throws IOException {
    List<Integer> numbers =
        folder.list().stream()
            .filter(ProgressFile::isName)
            .map(ProgressFile::number)
            .sorted(Comparator.reverseOrder())
            .toList();
    for (int number : numbers) {
      Optional<SavedProgress> saved = read(folder, ProgressFile.name(number));
      if (saved.isPresent()) {
        saved.get().nextFile = numbers.getFirst() + 1;
        return saved.get();
      }
    }
    SavedProgress none = new SavedProgress();
    none.nextFile = numbers.isEmpty() ? 1 : numbers.getFirst() + 1;
    return none;
  }

  private static Optional<SavedProgress> read(JournalFolder folder, String name)
      throws IOException {
    ByteBuffer bytes;
    try (JournalFile file = folder.open(name)) {
      bytes = ByteBuffer.allocate(Math.toIntExact(file.size()));
      file.read(bytes, 0);
      bytes.flip();
    }
    try {
      ProgressFile.readHeader(name, bytes);
    } catch (DamagedHeaderException e) {
      LOG.warn("event=journal_progress_unreadable file={} reason=\"{}\"", name, e.getMessage());
      return Optional.empty();
    }
    SavedProgress saved = new SavedProgress();
    int read = saved.readEntries(bytes);
    if (read < 1 + saved.snapshotPlaces) {
      LOG.warn(
          "event=journal_progress_unreadable file={} reason=\"the snapshot is damaged at byte {}\"",
          name,
          bytes.position());
      return Optional.empty();
    }
    if (bytes.hasRemaining()) {
      LOG.info(
          "event=journal_progress_torn file={} offset={} bytes={}",
          name,
          bytes.position(),
          bytes.remaining());
    }
    return Optional.of(saved);
  }

  private int readEntries(ByteBuffer bytes) {
    int count = 0;
    Optional<ProgressEntry> entry = ProgressEntry.readFrom(bytes);
    while (entry.isPresent()) {
      apply(entry.get());
      count++;
      entry = ProgressEntry.readFrom(bytes);
    }
    return count;
  }

  private void apply(ProgressEntry entry) {
    switch (entry) {
      case ProgressEntry.Snapshot(int segment, int place, int count) -> {
        nextSegment = segment;
        nextPlace = place;
        snapshotPlaces = count;
      }
      case ProgressEntry.OfPlace(PlaceState state) -> places.put(state.number(), state);
      case ProgressEntry.Done(int place, IntervalSet ordinals, SavedAccount account) -> {
        PlaceState state = places.get(place);
        if (state != null) {
          state.done().addAll(ordinals);
          places.put(place, state.with(account));
        }
      }
      case ProgressEntry.Removed(int place) -> {
        places.remove(place);
        removed.add(place);
      }
    }
  }

  /** The places that were there, by number. */
  Map<Integer, PlaceState> places() {
    return places;
  }

  /** What was saved of a place that there is. */
  PlaceState state(int place, String id) {
    PlaceState state = places.get(place);
    return state == null ? PlaceState.none(place, id) : state;
  }

  /** Whether a place of this number, which is not among {@link #places}, has been removed. */
  boolean knowsRemoved(int place) {
    // Those that were created since the snapshot may be known to the segments alone.
    return removed.contains(place) || (place < nextPlace && !places.containsKey(place));
  }

  /** No place that was there has had this number or a larger one. */
  int nextPlace() {
    int next = nextPlace;
    for (int number : places.keySet()) {
      next = Math.max(next, number + 1);
    }
    for (int number : removed) {
      next = Math.max(next, number + 1);
    }
    return next;
  }

  int nextSegment() {
    return nextSegment;
  }

  /** The number of the next file, larger than that of each that is there. */
  int nextFile() {
    return nextFile;
  }
}
