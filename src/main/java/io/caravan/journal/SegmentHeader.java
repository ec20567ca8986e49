/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The first bytes of a segment.
 *
 * @param number of the segment
 * @param mark random bytes that every record of the segment begins with, so that a record can be
 *     found without the one before it, and no sender can write bytes that look like one
 * @param created in milliseconds since 1970
 * @param ground what lies behind the last record
 */
record SegmentHeader(int number, long mark, long created, Ground ground) {
  /** What the segment was written on. */
  enum Ground {
    /** A file of its own, which ends where it was written last. */
    NEW,
    /** The file of an earlier segment, whose bytes stand where nothing was written since. */
    USED
  }

  static final int LENGTH = 64;
  static final int VERSION = 2;
  private static final long MAGIC = 0x43415241_56414e4aL; // CARAVANJ
  private static final int CHECKSUM_AT = 12;
  private static final String SUFFIX = ".seg";
  private static final int DIGITS = 20;

  static String fileName(int number) {
    return "%020d%s".formatted(number, SUFFIX);
  }

  static boolean isFileName(String name) {
    return name.length() == DIGITS + SUFFIX.length()
        && name.endsWith(SUFFIX)
        && name.chars().limit(DIGITS).allMatch(c -> c >= '0' && c <= '9');
  }

  static int number(String fileName) {
    return (int) Long.parseLong(fileName.substring(0, DIGITS));
  }

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
    bytes
        .putLong(MAGIC)
        .putInt(VERSION)
        .putInt(0)
        .putInt(number)
        .putInt(ground == Ground.NEW ? 0 : 1);
    bytes.putLong(mark).putLong(created).clear();
    return bytes.putInt(CHECKSUM_AT, checksum(bytes));
  }

  /**
   * Reads a header.
   *
   * @throws UnknownFormatException if it is sound, and of a version that is not known
   * @throws DamagedHeaderException if it is not sound
   */
  static SegmentHeader decode(String file, ByteBuffer bytes)
      throws UnknownFormatException, DamagedHeaderException {
    // In every version the first 16 bytes mean the same, and the checksum is of 64 bytes.
    if (bytes.remaining() < LENGTH
        || bytes.getLong(0) != MAGIC
        || bytes.getInt(CHECKSUM_AT) != checksum(bytes)) {
      throw new DamagedHeaderException(file);
    }
    int version = bytes.getInt(Long.BYTES);
    if (version < 1 || version > VERSION) {
      throw new UnknownFormatException(file, version, VERSION);
    }
    bytes.position(CHECKSUM_AT + Integer.BYTES);
    int number = bytes.getInt();
    Ground ground = bytes.getInt() == 0 ? Ground.NEW : Ground.USED;
    return new SegmentHeader(number, bytes.getLong(), bytes.getLong(), ground);
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.slice(0, CHECKSUM_AT));
    int behind = CHECKSUM_AT + Integer.BYTES;
    checksum.update(bytes.slice(behind, LENGTH - behind));
    return (int) checksum.getValue();
  }
}
