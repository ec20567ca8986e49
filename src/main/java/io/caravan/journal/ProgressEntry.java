/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** One entry of a progress file, as docs/journal.md lays it out. */
sealed interface ProgressEntry {
  /** Before each entry: its length and its checksum. */
  int HEADER_LENGTH = 8;

  int SNAPSHOT = 1;
  int PLACE = 2;
  int DONE = 3;
  int REMOVED = 4;

  /**
   * Begins a file.
   *
   * @param nextSegment no segment has had this number or a larger one
   * @param nextPlace no place has had this number or a larger one
   * @param places how many entries of places follow that belong to the snapshot
   */
  record Snapshot(int nextSegment, int nextPlace, int places) implements ProgressEntry {}

  /** All about a place. */
  record OfPlace(PlaceState state) implements ProgressEntry {}

  /** Records of a place are done with, and what its account says since then. */
  record Done(int place, IntervalSet ordinals, SavedAccount account) implements ProgressEntry {}

  /** A place was removed, and with it all that was pending there. */
  record Removed(int place) implements ProgressEntry {}

  /** Writes the entry behind what is there. */
  default void writeTo(ByteArrayOutputStream to) {
    byte[] body = body();
    CRC32C checksum = new CRC32C();
    checksum.update(body);
    ByteBuffer header = ByteBuffer.allocate(HEADER_LENGTH);
    header.putInt(body.length).putInt((int) checksum.getValue());
    to.writeBytes(header.array());
    to.writeBytes(body);
  }

  /** Reads the next entry; empty if there is none that is sound. */
  static Optional<ProgressEntry> readFrom(ByteBuffer from) {
    if (from.remaining() < HEADER_LENGTH) {
      return Optional.empty();
    }
    int length = from.getInt(from.position());
    int expected = from.getInt(from.position() + Integer.BYTES);
    if (length <= 0 || length > from.remaining() - HEADER_LENGTH) {
      return Optional.empty();
    }
    ByteBuffer body = from.slice(from.position() + HEADER_LENGTH, length);
    CRC32C checksum = new CRC32C();
    checksum.update(body);
    if ((int) checksum.getValue() != expected) {
      return Optional.empty();
    }
    from.position(from.position() + HEADER_LENGTH + length);
    try {
      return read(body.rewind());
    } catch (BufferUnderflowException e) {
      return Optional.empty(); // written by somebody who made another mistake than the disk
    }
  }

  private static Optional<ProgressEntry> read(ByteBuffer body) {
    return switch (body.get()) {
      case SNAPSHOT -> Optional.of(new Snapshot(body.getInt(), body.getInt(), body.getInt()));
      case PLACE -> Optional.of(new OfPlace(readPlace(body)));
      case DONE -> Optional.of(new Done(body.getInt(), readIntervals(body), readAccount(body)));
      case REMOVED -> Optional.of(new Removed(body.getInt()));
      default -> Optional.empty();
    };
  }

  private byte[] body() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      switch (this) {
        case Snapshot(int nextSegment, int nextPlace, int places) -> {
          out.writeByte(SNAPSHOT);
          out.writeInt(nextSegment);
          out.writeInt(nextPlace);
          out.writeInt(places);
        }
        case OfPlace(PlaceState state) -> {
          out.writeByte(PLACE);
          write(state, out);
        }
        case Done(int place, IntervalSet ordinals, SavedAccount account) -> {
          out.writeByte(DONE);
          out.writeInt(place);
          write(ordinals, out);
          write(account, out);
        }
        case Removed(int place) -> {
          out.writeByte(REMOVED);
          out.writeInt(place);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // there is no device behind these streams
    }
    return bytes.toByteArray();
  }

  private static void write(PlaceState state, DataOutputStream out) throws IOException {
    byte[] id = state.id().getBytes(UTF_8);
    out.writeInt(state.number());
    out.writeShort(id.length);
    out.write(id);
    out.writeLong(state.next());
    write(state.done(), out);
    write(state.account(), out);
  }

  private static PlaceState readPlace(ByteBuffer body) {
    int number = body.getInt();
    byte[] id = new byte[Short.toUnsignedInt(body.getShort())];
    body.get(id);
    return new PlaceState(
        number, new String(id, UTF_8), body.getLong(), readIntervals(body), readAccount(body));
  }

  private static void write(SavedAccount account, DataOutputStream out) throws IOException {
    out.writeLong(account.counted());
    out.writeInt(account.totals().length);
    out.write(account.totals());
  }

  /** Files of the first version of the program end here. */
  private static SavedAccount readAccount(ByteBuffer body) {
    if (!body.hasRemaining()) {
      return SavedAccount.NONE;
    }
    long counted = body.getLong();
    int length = body.getInt();
    if (length < 0 || length > body.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] totals = new byte[length];
    body.get(totals);
    return new SavedAccount(counted, totals);
  }

  private static void write(IntervalSet intervals, DataOutputStream out) throws IOException {
    out.writeInt(intervals.size());
    for (long[] interval : intervals.toList()) {
      out.writeLong(interval[0]);
      out.writeLong(interval[1]);
    }
  }

  private static IntervalSet readIntervals(ByteBuffer body) {
    IntervalSet intervals = new IntervalSet();
    int count = body.getInt();
    for (int i = 0; i < count; i++) {
      intervals.add(body.getLong(), body.getLong());
    }
    return intervals;
  }
}
