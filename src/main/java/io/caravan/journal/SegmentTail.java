/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The record that says that a segment was ended, and is to be sound from begin to end. */
final class SegmentTail {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentTail.class);
  private static final int LENGTH = RecordHeader.FIXED_LENGTH;

  private SegmentTail() {}

  /** Ends a segment at {@code end}. */
  static void write(JournalFile file, int number, long mark, long end) throws IOException {
    write(file, number, mark, RecordHeader.of(RecordKind.END, 0, 0), end);
  }

  /**
   * Ends a segment at {@code end} in a file that has {@code capacity} bytes and is to keep them: a
   * gap stands for what is left of it. Returns how many bytes the file has then.
   */
  static long writeBehindGap(JournalFile file, int number, long mark, long end, long capacity)
      throws IOException {
    long gap = capacity - LENGTH - end;
    if (gap < LENGTH || gap != RecordHeader.padded(gap)) {
      if (capacity > end + LENGTH) {
        file.truncate(end + LENGTH); // for a few bytes
      }
      write(file, number, mark, end);
      return end + LENGTH;
    }
    write(file, number, mark, RecordHeader.of(RecordKind.GAP, (int) gap - LENGTH, 0), end);
    write(file, number, mark, capacity - LENGTH);
    return capacity;
  }

  private static void write(
      JournalFile file, int number, long mark, RecordHeader header, long position)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    header.writeTo(bytes, number, mark, new CRC32C());
    file.write(new ByteBuffer[] {bytes.flip()}, position);
  }

  /** Whether the last bytes of the file are that record. */
  static boolean isEnded(JournalFile file, long mark, long size) throws IOException {
    if (size < SegmentHeader.LENGTH + LENGTH) {
      return false;
    }
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    file.read(bytes, size - LENGTH);
    bytes.flip();
    Optional<Integer> length = RecordHeader.lengthAt(bytes, 0, mark);
    return length.isPresent()
        && length.get() == LENGTH
        && RecordHeader.readFrom(bytes, 0, LENGTH, new CRC32C())
            .filter(header -> header.kind() == RecordKind.END)
            .isPresent();
  }

  /**
   * Cuts the segment of a process that was killed, and ends it, so that the next start neither
   * reads its payloads again nor takes what was torn for corrupt. A start does not fail for it.
   */
  static void cut(JournalFile file, int number, long mark, long end) {
    try {
      file.truncate(end);
      write(file, number, mark, end);
      file.sync();
    } catch (IOException | java.nio.channels.NonWritableChannelException e) {
      LOG.warn("event=journal_segment_not_ended reason=\"{}\"", e.toString());
    }
  }
}
