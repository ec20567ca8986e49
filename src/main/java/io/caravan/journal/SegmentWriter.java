/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Writes groups of records to the end of one segment, in a file of its own or over what a segment
 * before it has left in one. Used by one thread.
 */
final class SegmentWriter {
  private final JournalFolder folder;
  private final Places places;
  private final Segment segment;
  private final SegmentHeader header;
  private final JournalFile file;

  /** Bytes that the file had before. */
  private final long capacity;

  private long written;
  private int knownPlace;
  private boolean nameSynced;

  /** Whether there is something that no sync has covered. */
  private boolean unsynced;

  private SegmentWriter(
      JournalFolder folder, Places places, SegmentHeader header, JournalFile file, long capacity) {
    this.folder = folder;
    this.places = places;
    this.header = header;
    this.segment = new Segment(header.number(), header.mark());
    this.file = file;
    this.capacity = capacity;
    segment.diskBytes(capacity);
  }

  static SegmentWriter create(JournalFolder folder, Places places, SegmentHeader header)
      throws IOException {
    JournalFile file = folder.create(SegmentHeader.fileName(header.number()));
    return new SegmentWriter(folder, places, header, file, 0);
  }

  /** Writes over a file that nobody reads any more, which gets the name of the segment. */
  static SegmentWriter reuse(
      JournalFolder folder, Places places, SegmentHeader header, String freeFile)
      throws IOException {
    String name = SegmentHeader.fileName(header.number());
    folder.rename(freeFile, name);
    JournalFile file = folder.reopen(name);
    try {
      return new SegmentWriter(folder, places, header, file, file.size());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  Segment segment() {
    return segment;
  }

  /** Bytes that are written. */
  long size() {
    return written;
  }

  /** Whether there is a record. */
  boolean used() {
    return segment.end() > SegmentHeader.LENGTH;
  }

  /**
   * Writes the records and returns their offsets in the file. Nobody may read them yet.
   *
   * @param headers of the records of the group
   */
  List<Long> write(List<Append> group, List<RecordHeader> headers, GroupEncoder encoder)
      throws IOException {
    List<Place> unknown = places.beyond(knownPlace);
    int space = RecordHeader.FIXED_LENGTH + RecordHeader.ALIGNMENT;
    for (RecordHeader one : headers) {
      space = Math.addExact(space, GroupEncoder.space(one));
    }
    encoder.begin(space);
    if (written == 0) {
      encoder.addFirst(header.encode());
    }
    if (!unknown.isEmpty()) {
      addPlaces(unknown, encoder);
    }
    List<Long> offsets = new ArrayList<>(group.size());
    List<ByteBuffer> payload = new ArrayList<>();
    for (int i = 0; i < group.size(); i++) {
      payload.clear();
      group.get(i).addPayload(payload);
      offsets.add(written + encoder.add(headers.get(i), header, payload));
    }
    unsynced = true;
    file.write(encoder.finish(), written);
    written += encoder.length();
    if (!unknown.isEmpty()) {
      knownPlace = unknown.getLast().number();
    }
    return offsets;
  }

  /** Before the first record of a place its number is given a meaning, in every segment. */
  private void addPlaces(List<Place> unknown, GroupEncoder encoder) {
    ByteBuffer names = PlaceNames.encode(unknown);
    CRC32C checksum = new CRC32C();
    checksum.update(names.duplicate());
    encoder.add(
        RecordHeader.of(RecordKind.PLACES, names.remaining(), (int) checksum.getValue()),
        header,
        List.of(names));
  }

  /** Has all that was written, and the name of the file, survive a power loss. */
  void sync() throws IOException {
    if (unsynced) {
      file.sync();
      unsynced = false;
    }
    if (!nameSynced) {
      folder.sync();
      nameSynced = true;
    }
  }

  /** What was written may be read. */
  void publish() {
    segment.end(written);
  }

  /** Ends the segment: nothing comes behind. */
  void end() throws IOException {
    segment.close();
    try (file) {
      unsynced = true;
      segment.diskBytes(
          SegmentTail.writeBehindGap(file, header.number(), header.mark(), written, capacity));
      sync();
      segment.ended();
    }
  }

  /** Cuts what was written and not published, and never writes here again. */
  void abandon() throws IOException {
    segment.close();
    try (file) {
      file.truncate(used() ? segment.end() : 0);
      // Not needed, but if it works, then nobody gets what will be refused.
      file.sync();
    }
  }
}
