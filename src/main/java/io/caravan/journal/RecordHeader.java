/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** The header of a record, as docs/journal.md lays it out. */
record RecordHeader(
    RecordKind kind,
    byte signal,
    byte origin,
    int records,
    long time,
    long lane,
    List<TargetHeader> targets,
    int payloadLength,
    int payloadChecksum) {
  static final int FIXED_LENGTH = 56;

  /** Records begin at multiples of this, so that they can be looked for. */
  static final int ALIGNMENT = 8;

  private static final int CHECKSUM_AT = 8;
  private static final int LENGTH_AT = 12;
  static final int SEGMENT_AT = 52;
  static final int LONGEST = 16 << 20;

  /** A header that says nothing but its kind. */
  static RecordHeader of(RecordKind kind, int payloadLength, int payloadChecksum) {
    return new RecordHeader(
        kind, (byte) 0, (byte) 0, 0, 0, 0, List.of(), payloadLength, payloadChecksum);
  }

  int length() {
    int length = FIXED_LENGTH;
    for (TargetHeader target : targets) {
      length += target.length();
    }
    return length;
  }

  /** From the begin of the header to the begin of the next record. */
  long recordLength() {
    return padded((long) length() + payloadLength);
  }

  static long padded(long length) {
    return (length + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /**
   * Writes {@link #length} bytes at the position of the buffer.
   *
   * @param segment its number
   * @param mark of the segment
   */
  void writeTo(ByteBuffer to, int segment, long mark, CRC32C checksum) {
    int start = to.position();
    to.putLong(mark).putInt(0).putInt(length()).putInt(payloadLength).putInt(payloadChecksum);
    to.put(kind.code()).put(signal).put(origin).put((byte) 0).putInt(records);
    to.putLong(time).putLong(lane).putInt(targets.size()).putInt(segment);
    for (TargetHeader target : targets) {
      target.writeTo(to);
    }
    to.putInt(start + CHECKSUM_AT, checksum(to, start, to.position() - start, checksum));
  }

  /** Whether a header may begin here, and how long it says that it is; empty if not. */
  static Optional<Integer> lengthAt(ByteBuffer from, int at, long mark) {
    if (from.getLong(at) != mark) {
      return Optional.empty();
    }
    int length = from.getInt(at + LENGTH_AT);
    return length < FIXED_LENGTH || length > LONGEST ? Optional.empty() : Optional.of(length);
  }

  /**
   * Reads a header of which {@code length} bytes are there; empty if it is not what was written.
   */
  static Optional<RecordHeader> readFrom(ByteBuffer from, int at, int length, CRC32C checksum) {
    if (checksum(from, at, length, checksum) != from.getInt(at + CHECKSUM_AT)) {
      return Optional.empty();
    }
    ByteBuffer header = from.slice(at, length).position(LENGTH_AT + Integer.BYTES);
    try {
      return read(header);
    } catch (BufferUnderflowException e) {
      return Optional.empty(); // written by somebody who made another mistake than the disk
    }
  }

  private static Optional<RecordHeader> read(ByteBuffer header) {
    int payloadLength = header.getInt();
    int payloadChecksum = header.getInt();
    Optional<RecordKind> kind = RecordKind.of(header.get());
    byte signal = header.get();
    byte origin = header.get();
    header.get();
    int records = header.getInt();
    long time = header.getLong();
    long lane = header.getLong();
    int count = Math.max(0, header.getInt());
    header.getInt();
    List<TargetHeader> targets = new ArrayList<>(Math.min(count, header.remaining()));
    for (int i = 0; i < count; i++) {
      targets.add(TargetHeader.readFrom(header));
    }
    if (kind.isEmpty() || payloadLength < 0 || header.hasRemaining()) {
      return Optional.empty();
    }
    return Optional.of(
        new RecordHeader(
            kind.get(),
            signal,
            origin,
            records,
            time,
            lane,
            targets,
            payloadLength,
            payloadChecksum));
  }

  /** Of all bytes of the header but the checksum itself. */
  private static int checksum(ByteBuffer header, int at, int length, CRC32C checksum) {
    checksum.reset();
    checksum.update(header.slice(at, CHECKSUM_AT));
    checksum.update(header.slice(at + LENGTH_AT, length - LENGTH_AT));
    return (int) checksum.getValue();
  }
}
