/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Reads the files of a journal for people. Changes nothing, and may be used while a process works
 * on them: what that process writes or deletes meanwhile is there or not. Used by one thread.
 */
public final class JournalInspection {
  /**
   * A segment.
   *
   * @param bytes to the end of its last record
   * @param entries that no gap stands for
   * @param ended whether the process that wrote it came to an orderly end, or to its next segment
   * @param damages what is not as it was written; of a segment that is not ended the last may be
   *     what is being written, or what a process was killed at
   */
  public record SegmentSummary(
      String file, long bytes, int entries, boolean ended, List<Damage> damages) {}

  /** Bytes that are not what was written. */
  public record Damage(long offset, long bytes) {}

  /** A record, as it stands in its segment. */
  public record RecordSummary(
      String file,
      long offset,
      long time,
      byte signal,
      int records,
      int bytes,
      List<TargetSummary> targets) {}

  /** A place that takes a record, and whether it still needs it. */
  public record TargetSummary(String place, int records, boolean pending) {}

  /** What a place has not done with. */
  public record PlaceSummary(String id, long entries, long records, long bytes) {}

  /** How much is read. */
  public enum Reading {
    HEADERS,
    HEADERS_AND_PAYLOADS
  }

  private final JournalFolder folder;
  private final Reading reading;
  private final Consumer<RecordSummary> records;
  private final SavedProgress saved;
  private final Map<Integer, String> ids = new TreeMap<>();
  private final Map<Integer, RecoveredPlace> found = new HashMap<>();
  private final List<SegmentSummary> segments = new ArrayList<>();

  private JournalInspection(JournalFolder folder, Reading reading, Consumer<RecordSummary> records)
      throws IOException {
    this.folder = folder;
    this.reading = reading;
    this.records = records;
    this.saved = SavedProgress.read(folder);
    saved.places().values().forEach(state -> ids.put(state.number(), state.id()));
  }

  /**
   * Reads all segments.
   *
   * @param records is given every record, in order
   * @throws UnknownFormatException if a file was written by a version that is too new
   */
  public static JournalInspection of(
      JournalFolder folder, Reading reading, Consumer<RecordSummary> records) throws IOException {
    JournalInspection inspection = new JournalInspection(folder, reading, records);
    for (String name : folder.list().stream().filter(SegmentHeader::isFileName).sorted().toList()) {
      inspection.read(name);
    }
    return inspection;
  }

  public List<SegmentSummary> segments() {
    return segments;
  }

  public List<PlaceSummary> places() {
    List<PlaceSummary> summaries = new ArrayList<>();
    ids.forEach(
        (number, id) -> {
          RecoveredPlace place = found.getOrDefault(number, new RecoveredPlace());
          summaries.add(new PlaceSummary(id, place.entries(), place.records(), place.bytes()));
        });
    return summaries;
  }

  private void read(String name) throws IOException {
    try (JournalFile file = folder.open(name)) {
      long size = file.size();
      ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.LENGTH);
      file.read(bytes, 0);
      SegmentHeader header = SegmentHeader.decode(name, bytes.flip());
      if (header.number() != SegmentHeader.number(name)) {
        return; // nothing of it is there yet, and what is there is another's
      }
      long mark = header.mark();
      boolean ended = SegmentTail.isEnded(file, mark, size);
      SegmentScan scan =
          new SegmentScan(
              file,
              mark,
              SegmentHeader.LENGTH,
              size,
              header.ground(),
              reading == Reading.HEADERS ? SegmentScan.Depth.HEADERS : SegmentScan.Depth.PAYLOADS);
      List<Damage> damages = new ArrayList<>();
      int entries = 0;
      for (Optional<Found> next = scan.next(); next.isPresent(); next = scan.next()) {
        switch (next.get()) {
          case Found.Sound sound -> entries += take(name, file, sound);
          case Found.Damaged(long offset, long length, var _) ->
              damages.add(new Damage(offset, length));
        }
      }
      if (!damages.isEmpty() && isOverwritten(name, file, mark)) {
        return;
      }
      segments.add(new SegmentSummary(name, scan.offset(), entries, ended, damages));
    } catch (DamagedHeaderException e) {
      segments.add(new SegmentSummary(name, 0, 0, false, List.of(new Damage(0, 0))));
    }
  }

  /** Whether another segment has been begun in the file meanwhile. */
  private static boolean isOverwritten(String name, JournalFile file, long mark)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.LENGTH);
    file.read(bytes, 0);
    try {
      return SegmentHeader.decode(name, bytes.flip()).mark() != mark;
    } catch (DamagedHeaderException e) {
      return true;
    }
  }

  /** Returns how many entries that are. */
  private int take(String name, JournalFile file, Found.Sound found) throws IOException {
    switch (found.header().kind()) {
      case PLACES ->
          PlaceNames.read(file, found)
              .ifPresent(
                  names ->
                      names.forEach(
                          (number, id) -> {
                            if (!saved.knowsRemoved(number)) {
                              ids.put(number, id);
                            }
                          }));
      case DATA -> {
        RecordHeader header = found.header();
        records.accept(
            new RecordSummary(
                name,
                found.offset(),
                header.time(),
                header.signal(),
                header.records(),
                header.payloadLength(),
                header.targets().stream()
                    .map(target -> summary(target, header.origin()))
                    .toList()));
        return 1;
      }
      case GAP, END -> {}
    }
    return 0;
  }

  private TargetSummary summary(TargetHeader target, byte origin) {
    String id = ids.get(target.place());
    if (id == null) {
      return new TargetSummary("removed", target.records(), false);
    }
    RecoveredPlace.Finding finding =
        found
            .computeIfAbsent(target.place(), _ -> new RecoveredPlace())
            .found(target, origin, saved.state(target.place(), id));
    return new TargetSummary(id, target.records(), finding == RecoveredPlace.Finding.PENDING);
  }
}
