/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import io.caravan.journal.SegmentHeader.Ground;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the header of a segment, or what of it stands in the first record if it is damaged. */
final class HeaderSearch {
  private static final Logger LOG = LoggerFactory.getLogger(HeaderSearch.class);

  private HeaderSearch() {}

  /**
   * The header that the file begins with. Its number is not that of the name if the file was that
   * of another segment and nothing of this one has been written.
   *
   * @throws UnknownFormatException if it is sound, and of a version that is not known
   * @throws DamagedHeaderException if there is none
   */
  static SegmentHeader read(String name, JournalFile file, JournalListener listener)
      throws IOException, DamagedHeaderException {
    long size = file.size();
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(size, SegmentHeader.LENGTH));
    file.read(bytes, 0);
    try {
      return SegmentHeader.decode(name, bytes.flip());
    } catch (DamagedHeaderException e) {
      SegmentHeader header = ofFirstRecord(name, file, size).orElseThrow(() -> e);
      LOG.warn("event=journal_segment_header_damaged segment={}", name);
      listener.corrupt(name, 0, SegmentHeader.LENGTH);
      return header;
    }
  }

  /** The mark, which is all that is needed of the header, stands in front of each record too. */
  private static Optional<SegmentHeader> ofFirstRecord(String name, JournalFile file, long size)
      throws IOException {
    if (size < SegmentHeader.LENGTH + RecordHeader.FIXED_LENGTH) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.allocate(RecordHeader.FIXED_LENGTH);
    file.read(bytes, SegmentHeader.LENGTH);
    int number = SegmentHeader.number(name);
    int said = bytes.getInt(RecordHeader.SEGMENT_AT);
    if (said != number && said != 0) {
      return Optional.empty(); // of the segment that had the file before; version 1 says 0
    }
    SegmentHeader header = new SegmentHeader(number, bytes.getLong(0), 0, Ground.USED);
    SegmentScan scan =
        new SegmentScan(file, header.mark(), SegmentHeader.LENGTH, size, SegmentScan.Depth.HEADERS);
    return scan.next().orElse(null) instanceof Found.Sound ? Optional.of(header) : Optional.empty();
  }
}
