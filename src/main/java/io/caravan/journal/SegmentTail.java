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

  static ByteBuffer bytes(long mark) {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    RecordHeader.of(RecordKind.END, 0, 0).writeTo(bytes, mark, new CRC32C());
    return bytes.flip();
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
  static void end(JournalFile file, long mark, long end) {
    try {
      file.truncate(end);
      file.write(new ByteBuffer[] {bytes(mark)}, end);
      file.sync();
    } catch (IOException | java.nio.channels.NonWritableChannelException e) {
      LOG.warn("event=journal_segment_not_ended reason=\"{}\"", e.toString());
    }
  }
}
