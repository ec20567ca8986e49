/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out, from the files that processes before this one have left, what is pending at which
 * place. It reads the headers of the records, and the payloads only of segments that were not
 * ended. Used by one thread, once.
 */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final JournalFolder folder;
  private final SavedProgress saved;
  private final Segments segments;
  private final Quarantine quarantine;
  private final JournalListener listener;
  private final TreeMap<Integer, String> ids = new TreeMap<>();
  private final Map<Integer, RecoveredPlace> found = new HashMap<>();
  private int lastPlace;

  Recovery(
      JournalFolder folder,
      SavedProgress saved,
      Segments segments,
      Quarantine quarantine,
      JournalListener listener) {
    this.folder = folder;
    this.saved = saved;
    this.segments = segments;
    this.quarantine = quarantine;
    this.listener = listener;
    saved.places().values().forEach(state -> ids.put(state.number(), state.id()));
  }

  /** Reads all segments, in order, and cuts the last where it is torn. */
  void run() throws IOException {
    segments.numberSeen(saved.nextSegment() - 1);
    List<String> names = folder.list().stream().filter(SegmentHeader::isFileName).sorted().toList();
    for (String name : names) {
      boolean last = name.equals(names.getLast());
      segments.numberSeen(SegmentHeader.number(name));
      try (JournalFile file = last ? reopened(name) : folder.open(name)) {
        read(name, file, last);
      } catch (DamagedHeaderException e) {
        damaged(name, last);
      }
    }
  }

  /** Places by number with their ids; of two with the same id the later one is the living one. */
  Map<Integer, String> places() {
    Map<String, Integer> latest = new HashMap<>();
    ids.forEach((number, id) -> latest.put(id, number));
    Map<Integer, String> living = new TreeMap<>();
    latest.forEach((id, number) -> living.put(number, id));
    return living;
  }

  RecoveredPlace found(int place) {
    return found.computeIfAbsent(place, _ -> new RecoveredPlace());
  }

  /** The largest number of a place that was mentioned, or 0. */
  int lastPlace() {
    return lastPlace;
  }

  /** To be cut where it is torn; on a file system that is read-only, just to be read. */
  private JournalFile reopened(String name) throws IOException {
    try {
      return folder.reopen(name);
    } catch (IOException e) {
      LOG.warn("event=journal_segment_read_only segment={} reason=\"{}\"", name, e.toString());
      return folder.open(name);
    }
  }

  private void damaged(String name, boolean last) throws IOException {
    try (JournalFile file = folder.open(name)) {
      long size = file.size();
      if (last && size <= SegmentHeader.LENGTH) {
        listener.torn(name, 0, size);
        LOG.info("event=journal_torn segment={} offset=0 bytes={}", name, size);
        folder.delete(name);
        return;
      }
      listener.corrupt(name, 0, size);
    }
    LOG.error("event=journal_corrupt segment={} offset=0 kept_as={}.corrupt", name, name);
    folder.rename(name, name + ".corrupt");
  }

  /** The process ended, or the power went, before the first byte of this segment was there. */
  private void notBegun(String name) {
    LOG.info("event=journal_segment_not_begun segment={}", name);
    try {
      folder.delete(name);
    } catch (IOException e) {
      LOG.warn("event=journal_segment_not_deleted segment={} reason=\"{}\"", name, e.toString());
    }
  }

  private void read(String name, JournalFile file, boolean last) throws IOException {
    long size = file.size();
    SegmentHeader header = HeaderSearch.read(name, file, listener);
    if (header.number() != SegmentHeader.number(name)) {
      notBegun(name);
      return;
    }
    Segment segment = new Segment(header.number(), header.mark());
    boolean ended = SegmentTail.isEnded(file, header.mark(), size);
    SegmentScan scan =
        new SegmentScan(
            file,
            header.mark(),
            SegmentHeader.LENGTH,
            size,
            header.ground(),
            ended ? SegmentScan.Depth.HEADERS : SegmentScan.Depth.PAYLOADS);
    List<Found.Damaged> damages = new ArrayList<>();
    long held = SegmentHeader.LENGTH;
    Optional<Found> next = scan.next();
    while (next.isPresent()) {
      switch (next.get()) {
        case Found.Sound sound -> {
          quarantine(segment, file, damages);
          take(segment, file, sound);
          held +=
              sound.header().kind() == RecordKind.GAP ? sound.header().length() : sound.length();
        }
        case Found.Damaged damaged -> damages.add(damaged);
      }
      next = scan.next();
    }
    // What lies behind in a file that was used before is nothing of this segment.
    long end = scan.offset();
    if (last && !damages.isEmpty()) {
      end = torn(name, damages);
    }
    quarantine(segment, file, damages);
    segment.end(end);
    segment.diskBytes(held);
    segment.close();
    if (last && !ended) {
      SegmentTail.cut(file, header.number(), header.mark(), end);
    }
    segments.add(segment);
  }

  /** What no sound record follows. Returns where it begins. */
  private long torn(String name, List<Found.Damaged> damages) {
    long offset = damages.getFirst().offset();
    long bytes = damages.getLast().end() - offset;
    damages.clear();
    listener.torn(name, offset, bytes);
    LOG.info("event=journal_torn segment={} offset={} bytes={}", name, offset, bytes);
    return offset;
  }

  private void quarantine(Segment segment, JournalFile file, List<Found.Damaged> damages) {
    for (Found.Damaged damaged : damages) {
      quarantine.keep(segment, file, damaged.offset(), damaged.length());
      damaged(segment, damaged);
    }
    damages.clear();
  }

  private void take(Segment segment, JournalFile file, Found.Sound record) throws IOException {
    switch (record.header().kind()) {
      case PLACES -> takePlaces(segment, file, record);
      case DATA ->
          record
              .header()
              .targets()
              .forEach(target -> take(segment, target, record.header().origin()));
      case GAP, END -> {}
    }
  }

  private void take(Segment segment, TargetHeader target, byte origin) {
    int place = target.place();
    lastPlace = Math.max(lastPlace, place);
    String id = ids.get(place);
    if (id == null) {
      return; // it was removed
    }
    switch (found(place).found(target, origin, saved.state(place, id))) {
      case PENDING -> {
        segment.add(place, target.ordinal());
        segment.pending(target.bytes());
      }
      case COPY -> segment.addCopy(place, target.ordinal());
      case DONE -> {}
    }
  }

  /** Nothing is known of bytes without a header; of others, whose they were. */
  private void damaged(Segment segment, Found.Damaged damaged) {
    damaged
        .header()
        .filter(header -> header.kind() == RecordKind.DATA)
        .ifPresent(
            header -> {
              for (TargetHeader target : header.targets()) {
                String id = ids.get(target.place());
                if (id != null) {
                  long position = Position.of(segment.number(), damaged.offset());
                  found(target.place())
                      .damaged(
                          target,
                          target.receipt(position, header.origin()),
                          saved.state(target.place(), id));
                }
              }
            });
  }

  private void takePlaces(Segment segment, JournalFile file, Found.Sound record)
      throws IOException {
    Optional<Map<Integer, String>> names = PlaceNames.read(file, record);
    if (names.isEmpty()) {
      quarantine.keep(segment, file, record.offset(), record.length());
      return;
    }
    names
        .get()
        .forEach(
            (number, id) -> {
              lastPlace = Math.max(lastPlace, number);
              if (!saved.knowsRemoved(number)) {
                ids.put(number, id);
              }
            });
  }
}
