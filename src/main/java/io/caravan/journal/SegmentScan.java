/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import io.caravan.journal.SegmentHeader.Ground;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Goes through the records of a segment in order, from header to header, and finds the next record
 * behind bytes that are damaged. Not thread-safe.
 */
final class SegmentScan {
  /** Whether payloads are read, and held against their checksums. */
  enum Depth {
    HEADERS,
    PAYLOADS
  }

  private static final int CHUNK = 16 << 10;

  private final JournalFile file;
  private final long mark;
  private final long limit;
  private final Ground ground;
  private final Depth depth;
  private final CRC32C checksum = new CRC32C();
  private ByteBuffer chunk = ByteBuffer.allocate(CHUNK).limit(0);
  private long chunkAt;
  private long offset;

  /**
   * A scan of records that are there to the limit.
   *
   * @param from the begin of a record
   * @param limit the end of the last record, or of the file
   */
  SegmentScan(JournalFile file, long mark, long from, long limit, Depth depth) {
    this(file, mark, from, limit, Ground.NEW, depth);
  }

  /**
   * A scan of a file that somebody may have left off writing anywhere.
   *
   * @param limit the end of the file
   */
  SegmentScan(JournalFile file, long mark, long from, long limit, Ground ground, Depth depth) {
    this.ground = ground;
    this.file = file;
    this.mark = mark;
    this.offset = from;
    this.limit = limit;
    this.depth = depth;
  }

  /** Where the next record begins. */
  long offset() {
    return offset;
  }

  /** What comes next; empty at the limit, and where nothing was written in a file used before. */
  Optional<Found> next() throws IOException {
    if (offset >= limit) {
      return Optional.empty();
    }
    Optional<RecordHeader> header = headerAt(offset);
    Found found;
    if (header.isPresent()) {
      found = check(offset, header.get());
    } else {
      long next = nextRecordBehind(offset);
      if (next == limit && ground == Ground.USED && !isMarked(offset)) {
        return Optional.empty();
      }
      found = new Found.Damaged(offset, next - offset, header);
    }
    offset = found.end();
    return Optional.of(found);
  }

  private Found check(long at, RecordHeader header) throws IOException {
    if (at + header.recordLength() > limit) {
      return new Found.Damaged(at, limit - at, Optional.of(header));
    }
    if (depth == Depth.PAYLOADS
        && header.kind() != RecordKind.GAP
        && payloadChecksum(at + header.length(), header.payloadLength())
            != header.payloadChecksum()) {
      return new Found.Damaged(at, header.recordLength(), Optional.of(header));
    }
    return new Found.Sound(at, header);
  }

  private Optional<RecordHeader> headerAt(long at) throws IOException {
    if (!fill(at, RecordHeader.FIXED_LENGTH)) {
      return Optional.empty();
    }
    Optional<Integer> length = RecordHeader.lengthAt(chunk, (int) (at - chunkAt), mark);
    if (length.isEmpty() || !fill(at, length.get())) {
      return Optional.empty();
    }
    return RecordHeader.readFrom(chunk, (int) (at - chunkAt), length.get(), checksum);
  }

  private boolean isMarked(long at) throws IOException {
    return fill(at, Long.BYTES) && chunk.getLong((int) (at - chunkAt)) == mark;
  }

  private long nextRecordBehind(long damaged) throws IOException {
    for (long at = damaged + RecordHeader.ALIGNMENT; at < limit; at += RecordHeader.ALIGNMENT) {
      if (!fill(at, RecordHeader.FIXED_LENGTH)) {
        return limit;
      }
      if (chunk.getLong((int) (at - chunkAt)) == mark && headerAt(at).isPresent()) {
        return at;
      }
    }
    return limit;
  }

  private int payloadChecksum(long at, int length) throws IOException {
    CRC32C sum = new CRC32C();
    long end = at + length;
    for (long next = at; next < end; ) {
      int part = (int) Math.min(CHUNK, end - next);
      if (!fill(next, part)) {
        throw new IOException("the segment became shorter while it was read");
      }
      sum.update(chunk.slice((int) (next - chunkAt), part));
      next += part;
    }
    return (int) sum.getValue();
  }

  /** Has {@code length} bytes from {@code at} on in the chunk, unless they reach past the limit. */
  private boolean fill(long at, int length) throws IOException {
    if (at + length > limit) {
      return false;
    }
    if (at >= chunkAt && at + length <= chunkAt + chunk.limit()) {
      return true;
    }
    if (length > chunk.capacity()) {
      chunk = ByteBuffer.allocate(Integer.highestOneBit(length) << 1);
    }
    chunk.clear().limit((int) Math.min(chunk.capacity(), limit - at));
    file.read(chunk, at);
    chunk.flip();
    chunkAt = at;
    return chunk.limit() >= length;
  }
}
