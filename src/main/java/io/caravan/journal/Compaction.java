/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the disk back what nobody needs of a segment that somebody still needs, so that one who
 * lags does not keep all that others are done with. Used by one thread.
 *
 * <p>The segment is written again with holes in it: what stays, stays at its offset, and so keeps
 * its position and its turn.
 */
final class Compaction {
  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
  private static final String UNFINISHED = ".tmp";

  /** A segment is worth it when less than one part in so many is needed. */
  private static final int WORTH = 4;

  /** The last segments are left alone: mostly all are about to be done with them. */
  private static final int LEFT_ALONE = 4;

  private final JournalFolder folder;
  private final Places places;

  Compaction(JournalFolder folder, Places places) {
    this.folder = folder;
    this.places = places;
  }

  static boolean isWorthwhile(Segment segment, int nextSegment) {
    return segment.closed()
        && segment.number() < nextSegment - LEFT_ALONE
        && segment.pendingBytes() * WORTH
            < Math.min(segment.diskBytes(), segment.pendingWhenCompacted());
  }

  /** What a process that was killed meanwhile leaves behind. */
  static boolean isUnfinished(String name) {
    return name.endsWith(UNFINISHED)
        && SegmentHeader.isFileName(name.substring(0, name.length() - UNFINISHED.length()));
  }

  /** What has to be done before records are destroyed. */
  interface Precaution {
    void take() throws IOException;
  }

  /**
   * Writes a segment again.
   *
   * @param precaution before the file without the records takes the place of the one with them
   */
  void compact(Segment segment, Precaution precaution) throws IOException {
    String name = segment.fileName();
    folder.delete(name + UNFINISHED);
    long before = segment.diskBytes();
    long kept;
    try (JournalFile from = folder.open(name);
        JournalFile to = folder.create(name + UNFINISHED)) {
      kept = new Copy(segment, from, to).run();
      to.sync();
    }
    precaution.take();
    // Before the name is another's: a reader that finds the new file also finds this said.
    segment.compacting();
    folder.rename(name + UNFINISHED, name);
    folder.sync();
    segment.diskBytes(kept);
    LOG.debug("event=journal_compacted segment={} bytes={} kept={}", name, before, kept);
  }

  /** One segment on its way to another file. */
  private final class Copy {
    private final Segment segment;
    private final JournalFile from;
    private final JournalFile to;
    private final List<Place> all = places.all();
    private long gapAt = -1;
    private long kept;

    Copy(Segment segment, JournalFile from, JournalFile to) {
      this.segment = segment;
      this.from = from;
      this.to = to;
    }

    /** Returns the bytes that were written. */
    long run() throws IOException {
      copy(0, SegmentHeader.LENGTH);
      SegmentScan scan =
          new SegmentScan(
              from, segment.mark(), SegmentHeader.LENGTH, segment.end(), SegmentScan.Depth.HEADERS);
      Optional<Found> found = scan.next();
      while (found.isPresent()) {
        if (isNeeded(found.get())) {
          closeGap(found.get().offset());
          copy(found.get().offset(), found.get().length());
        } else if (gapAt < 0) {
          gapAt = found.get().offset();
        }
        found = scan.next();
      }
      closeGap(scan.offset());
      SegmentTail.write(to, segment.number(), segment.mark(), scan.offset());
      return kept;
    }

    private boolean isNeeded(Found found) {
      return switch (found) {
        case Found.Damaged _ -> false; // a copy is kept aside
        case Found.Sound(long _, RecordHeader header) ->
            switch (header.kind()) {
              case PLACES -> true;
              case GAP, END -> false;
              case DATA -> header.targets().stream().anyMatch(this::isNeeded);
            };
      };
    }

    private boolean isNeeded(TargetHeader target) {
      return segment.holds(target.place(), target.ordinal())
          && all.stream()
              .anyMatch(
                  place -> place.number() == target.place() && place.isPending(target.ordinal()));
    }

    private void closeGap(long end) throws IOException {
      if (gapAt < 0) {
        return;
      }
      long length = end - gapAt;
      if (length < RecordHeader.FIXED_LENGTH) {
        copy(gapAt, length); // a few damaged bytes, too few for the header of a gap
      } else {
        ByteBuffer header = ByteBuffer.allocate(RecordHeader.FIXED_LENGTH);
        RecordHeader.of(RecordKind.GAP, (int) length - RecordHeader.FIXED_LENGTH, 0)
            .writeTo(header, segment.number(), segment.mark(), new CRC32C());
        to.write(new ByteBuffer[] {header.flip()}, gapAt);
        kept += RecordHeader.FIXED_LENGTH;
      }
      gapAt = -1;
    }

    private void copy(long offset, long length) throws IOException {
      FileCopy.copy(from, offset, length, to, offset);
      kept += length;
    }
  }
}
