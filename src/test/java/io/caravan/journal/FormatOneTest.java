/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.SMALL_SEGMENTS;
import static io.caravan.journal.TestEntries.pending;
import static io.caravan.journal.TestEntries.records;
import static io.caravan.journal.TestEntries.text;
import static io.caravan.journal.TestEntries.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A journal of the first version, laid out here byte by byte as docs/journal.md has it: nothing of
 * the code that writes today is used, so that a change of it cannot change these files as well.
 */
@ExtendWith(NoLeaks.class)
class FormatOneTest {
  private static final long MARK = 0x1122334455667788L;
  private static final long TIME = 1_700_000_000_000L;
  private static final int DATA = 1;
  private static final int PLACES = 2;
  private static final int GAP = 3;
  private static final int END = 4;
  private static final String FIRST = "00000000000000000001.seg";
  private static final String SECOND = "00000000000000000002.seg";

  private final ForgetfulFolder folder = new ForgetfulFolder();

  @Test
  void shouldReadWhatWaitsInOrderAndGoOnBehindIt() throws IOException {
    folder.put(FIRST, ended(segment(1, MARK, data(MARK, 1, "one"), data(MARK, 2, "the second"))));
    folder.put(SECOND, segment(2, ~MARK, data(~MARK, 3, "three"), data(~MARK, 4, "4")));
    folder.put("progress-5", progress(1));

    try (Journal journal = open()) {
      Place place = journal.find("tracepipeline/demo").orElseThrow();
      assertThat(place.pendingRecords()).isEqualTo(9);
      assertThat(place.pendingBytes()).isEqualTo("the secondthree4".length());
      List<StoredRecord> found = records(place);
      assertThat(found.getFirst().time()).isEqualTo(TIME);
      assertThat(found.getFirst().receipt().origin()).isEqualTo((byte) 2);
      assertThat(found.stream().map(TestEntries::text)).containsExactly("the second", "three", "4");
      assertThat(written(journal, "today's", place).ordinal()).isEqualTo(5);
      place.acknowledge(found.getFirst().receipt());
    }

    try (Journal journal = open()) {
      assertThat(pending(journal.find("tracepipeline/demo").orElseThrow()))
          .containsExactly("three", "4", "today's");
    }
  }

  @Test
  void shouldReadOverAGapAndCutATornTail() throws IOException {
    byte[] gap = record(MARK, GAP, 0, 0, new byte[0], new byte[40]);
    byte[] last = data(MARK, 2, "torn");
    byte[] whole = segment(1, MARK, data(MARK, 1, "one"), gap, last);
    folder.put(FIRST, Arrays.copyOf(whole, whole.length - 9));

    try (Journal journal = open()) {
      assertThat(pending(journal.find("tracepipeline/demo").orElseThrow())).containsExactly("one");
    }
  }

  @Test
  void shouldReadASegmentWhoseHeaderIsDamaged() throws IOException {
    byte[] segment = segment(1, MARK, data(MARK, 1, "one"), data(MARK, 2, "two"));
    segment[30] ^= 1;
    folder.put(FIRST, segment);

    try (Journal journal = open()) {
      assertThat(pending(journal.find("tracepipeline/demo").orElseThrow()))
          .containsExactly("one", "two");
    }
  }

  @Test
  void shouldGiveBackARecordByItsPosition() throws IOException {
    folder.put(FIRST, segment(1, MARK, data(MARK, 1, "one")));

    try (Journal journal = open()) {
      Place place = journal.find("tracepipeline/demo").orElseThrow();
      long position = 1L << 32 | 64 + places(MARK).length;
      assertThat(text(place.find(position).orElseThrow())).isEqualTo("one");
    }
  }

  private Journal open() throws IOException {
    return Journal.open(folder, SMALL_SEGMENTS, JournalListener.NONE);
  }

  private static byte[] segment(int number, long mark, byte[]... records) {
    int length = 64 + places(mark).length + Arrays.stream(records).mapToInt(r -> r.length).sum();
    ByteBuffer bytes = ByteBuffer.allocate(length);
    bytes.put("CARAVANJ".getBytes(UTF_8)).putInt(1).putInt(0).putInt(number).putInt(0);
    bytes.putLong(mark).putLong(TIME).position(64);
    bytes.putInt(12, checksum(bytes.array(), 0, 12, 16, 64));
    bytes.put(places(mark));
    for (byte[] record : records) {
      bytes.put(record);
    }
    return bytes.array();
  }

  private static byte[] ended(byte[] segment) {
    byte[] end = record(MARK, END, 0, 0, new byte[0], new byte[0]);
    byte[] ended = Arrays.copyOf(segment, segment.length + end.length);
    System.arraycopy(end, 0, ended, segment.length, end.length);
    return ended;
  }

  /** Number 1 is the pipeline. */
  private static byte[] places(long mark) {
    byte[] id = "tracepipeline/demo".getBytes(UTF_8);
    ByteBuffer payload = ByteBuffer.allocate(6 + id.length);
    payload.putInt(1).putShort((short) id.length).put(id);
    return record(mark, PLACES, 0, 0, new byte[0], payload.array());
  }

  /** Three telemetry records for place 1, which takes all resources. */
  private static byte[] data(long mark, long ordinal, String text) {
    byte[] payload = text.getBytes(UTF_8);
    ByteBuffer target = ByteBuffer.allocate(26);
    target.putInt(1).putInt(3).putLong(payload.length).putLong(ordinal).putShort((short) 0);
    return record(mark, DATA, 3, 1, target.array(), payload);
  }

  private static byte[] record(
      long mark, int kind, int records, int targets, byte[] target, byte[] payload) {
    int header = 56 + target.length;
    ByteBuffer bytes = ByteBuffer.allocate((header + payload.length + 7) / 8 * 8);
    bytes.putLong(mark).putInt(0).putInt(header).putInt(payload.length);
    bytes.putInt(checksum(payload, 0, payload.length, 0, 0));
    bytes.put((byte) kind).put((byte) 1).put((byte) 2).put((byte) 0).putInt(records);
    bytes.putLong(TIME).putLong(42).putInt(targets).putInt(0).put(target).put(payload);
    bytes.putInt(8, checksum(bytes.array(), 0, 8, 12, header));
    return bytes.array();
  }

  /** As the first version wrote it, without accounts: the first record is done with. */
  @SuppressWarnings("ByteBufferBackingArray") // all of them are allocated here
  private static byte[] progress(long done) {
    byte[] id = "tracepipeline/demo".getBytes(UTF_8);
    ByteBuffer snapshot = ByteBuffer.allocate(13).put((byte) 1).putInt(3).putInt(2).putInt(1);
    ByteBuffer place = ByteBuffer.allocate(19 + id.length + 16);
    place.put((byte) 2).putInt(1).putShort((short) id.length).put(id).putLong(3);
    place.putInt(1).putLong(0).putLong(0);
    ByteBuffer ended = ByteBuffer.allocate(25).put((byte) 3).putInt(1);
    ended.putInt(1).putLong(done).putLong(done);
    ByteBuffer file = ByteBuffer.allocate(16 + 3 * 8 + 13 + place.capacity() + 25);
    file.put("CARAVANP".getBytes(UTF_8)).putInt(1);
    file.putInt(checksum(file.array(), 0, 12, 0, 0));
    for (ByteBuffer body : List.of(snapshot, place, ended)) {
      byte[] entry = body.array();
      file.putInt(entry.length).putInt(checksum(entry, 0, entry.length, 0, 0)).put(entry);
    }
    return file.array();
  }

  /** CRC32C of two stretches. */
  private static int checksum(byte[] bytes, int from, int to, int again, int end) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, from, to - from);
    checksum.update(bytes, again, end - again);
    return (int) checksum.getValue();
  }
}
