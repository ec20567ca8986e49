/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of what places have done with: a snapshot of all, and what has changed since. Used by one
 * thread.
 *
 * <p>The name of a file that is there says that its snapshot is whole and on the disk. What follows
 * the snapshot may lose its end: then records are delivered twice, and none is lost.
 */
final class ProgressFile implements Closeable {
  static final int HEADER_LENGTH = 16;
  static final int VERSION = 1;
  private static final long MAGIC = 0x43415241_56414e50L; // CARAVANP
  private static final String PREFIX = "progress-";
  private static final String UNFINISHED = ".tmp";

  private final JournalFile file;
  private final long snapshotBytes;
  private long end;
  private boolean dirty;

  private ProgressFile(JournalFile file, long end) {
    this.file = file;
    this.snapshotBytes = end;
    this.end = end;
  }

  static String name(int number) {
    return PREFIX + number;
  }

  static boolean isName(String name) {
    return name.matches(PREFIX + "[0-9]{1,9}");
  }

  /** What a process that was killed while it wrote a snapshot leaves behind. */
  static boolean isUnfinished(String name) {
    return name.matches(PREFIX + "[0-9]{1,9}" + UNFINISHED);
  }

  static int number(String name) {
    return Integer.parseInt(name.substring(PREFIX.length()));
  }

  /** Writes a snapshot; when this returns, it survives a power loss under its name. */
  static ProgressFile create(JournalFolder folder, int number, List<ProgressEntry> snapshot)
      throws IOException {
    String unfinished = name(number) + UNFINISHED;
    folder.delete(unfinished);
    JournalFile file = folder.create(unfinished);
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.writeBytes(header().array());
      snapshot.forEach(entry -> entry.writeTo(bytes));
      file.write(new ByteBuffer[] {ByteBuffer.wrap(bytes.toByteArray())}, 0);
      file.sync();
      folder.rename(unfinished, name(number));
      folder.sync();
      return new ProgressFile(file, bytes.size());
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  private static ByteBuffer header() {
    ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH).putLong(MAGIC).putInt(VERSION);
    return header.putInt(checksum(header)).flip();
  }

  /**
   * Leaves the buffer at the first entry.
   *
   * @throws DamagedHeaderException if that is no such file
   * @throws UnknownFormatException if the version is not known
   */
  static void readHeader(String name, ByteBuffer from)
      throws UnknownFormatException, DamagedHeaderException {
    if (from.remaining() < HEADER_LENGTH
        || from.getLong(0) != MAGIC
        || from.getInt(HEADER_LENGTH - Integer.BYTES) != checksum(from)) {
      throw new DamagedHeaderException(name);
    }
    int version = from.getInt(Long.BYTES);
    if (version != VERSION) {
      throw new UnknownFormatException(name, version, VERSION);
    }
    from.position(HEADER_LENGTH);
  }

  private static int checksum(ByteBuffer header) {
    CRC32C checksum = new CRC32C();
    checksum.update(header.slice(0, HEADER_LENGTH - Integer.BYTES));
    return (int) checksum.getValue();
  }

  void append(List<ProgressEntry> entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    entries.forEach(entry -> entry.writeTo(bytes));
    file.write(new ByteBuffer[] {ByteBuffer.wrap(bytes.toByteArray())}, end);
    end += bytes.size();
    dirty = true;
  }

  /** Has what was appended survive a power loss. */
  void sync() throws IOException {
    if (dirty) {
      file.sync();
      dirty = false;
    }
  }

  /** Bytes that were written behind the snapshot. */
  long appended() {
    return end - snapshotBytes;
  }

  long snapshotBytes() {
    return snapshotBytes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
