/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.SMALL_SEGMENTS;
import static io.caravan.journal.TestEntries.pending;
import static io.caravan.journal.TestEntries.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.journal.ForgetfulFolder.Left;
import io.caravan.journal.ForgetfulFolder.Operation;
import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Segments in files that were segments before, with the records of that time still in them. */
@ExtendWith(NoLeaks.class)
class ReusedFilesTest {
  private static final String FREE = ".free";

  /** As long as those of the first round, so that old records begin where new ones will. */
  private static final String FORMAT = "%s %04d " + "x".repeat(300);

  private static final int OF_A_SEGMENT = 10;

  private final String inSegment2 = FORMAT.formatted("old", OF_A_SEGMENT);

  private final ForgetfulFolder folder = new ForgetfulFolder();
  private final List<String> events = new ArrayList<>();
  private final JournalListener listener =
      new JournalListener() {
        @Override
        public void torn(String segment, long offset, long bytes) {
          events.add("torn");
        }

        @Override
        public void corrupt(String segment, long offset, long bytes) {
          events.add("corrupt");
        }

        @Override
        public void lost(Place place, Receipt receipt) {
          events.add("lost");
        }
      };

  private Journal journal;
  private Place place;

  /** Holds segment 2, so that one file alone goes round. */
  private Place lagging;

  private int round;

  @BeforeEach
  void firstRound() throws IOException {
    journal = open(folder);
    place = journal.place("a");
    lagging = journal.place("b");
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < OF_A_SEGMENT + 1; i++) {
      receipts.add(written(journal, FORMAT.formatted("old", i), place));
    }
    assertThat(Position.segment(receipts.getLast().position())).isEqualTo(2);
    receipts.forEach(place::acknowledge);
    await().until(() -> !freeFiles().isEmpty());
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void shouldWriteOverAFileThatNobodyNeeds() throws IOException {
    List<String> texts = secondRound(3);

    assertThat(freeFiles()).isEmpty();
    assertThat(content(folder, segment(3))).contains("new 0002", "old 0003", "old 0009");
    assertThat(journal.diskBytes())
        .isEqualTo(folder.bytes(segment(2)).length + folder.bytes(segment(3)).length);
    assertThat(pending(place)).isEqualTo(texts);
  }

  @Test
  void shouldNeverTakeARecordOfAnEarlierRoundForOneOfThis() throws IOException {
    List<String> texts = secondRound(3);
    ForgetfulFolder killed = folder.afterPowerLoss(Left.EVERYTHING, 0);
    // The old records are whole, and one of them begins just where the last new one ends.
    assertThat(content(killed, segment(3))).contains(FORMAT.formatted("old", 3));

    for (int start = 0; start < 2; start++) {
      try (Journal next = open(killed)) {
        assertThat(pending(next.find("a").orElseThrow())).isEqualTo(texts);
      }
    }

    assertThat(events).isEmpty();
  }

  @Test
  void shouldCutARecordThatWasWrittenOverOldOnesInPart() throws IOException {
    List<String> texts = secondRound(2);
    byte[] before = folder.bytes(segment(3));
    secondRound(1);
    byte[] after = folder.bytes(segment(3));
    int from = Arrays.mismatch(before, after);
    int to = from;
    for (int at = from; at < after.length; at++) {
      to = before[at] == after[at] ? to : at + 1;
    }

    for (int length = from; length < to; length++) {
      byte[] torn = before.clone();
      System.arraycopy(after, from, torn, from, length - from);
      events.clear();
      assertThat(restarted(torn)).as("%d bytes", length - from).isEqualTo(texts);
      // Before its mark is whole, it cannot be told from what was never written.
      assertThat(events).isSubsetOf("torn");
      assertThat(length - from < Long.BYTES || !events.isEmpty()).isTrue();
    }
    for (int hole = from; hole < to; hole++) {
      byte[] holed = after.clone();
      holed[hole] = before[hole];
      assertThat(restarted(holed)).hasSize(before[hole] == after[hole] ? 3 : 2);
    }
  }

  @Test
  void shouldReadNothingInAFileThatHasItsNewNameAndNoByteOfIt() throws IOException {
    ForgetfulFolder renamed = withoutProgress();
    renamed.rename(freeFiles().getFirst(), segment(9));

    try (Journal next = open(renamed)) {
      assertThat(pending(next.find("a").orElseThrow())).containsExactly(inSegment2);
      assertThat(renamed.list()).doesNotContain(segment(9));
    }

    assertThat(events).isEmpty();
  }

  @Test
  void shouldTakeNoOldRecordWhereTheNewHeaderIsDamaged() throws IOException {
    ForgetfulFolder renamed = withoutProgress();
    byte[] bytes = folder.bytes(freeFiles().getFirst());
    // The first old record is sound, and by its mark the others would be.
    Arrays.fill(bytes, 0, SegmentHeader.LENGTH, (byte) 7);
    renamed.put(segment(9), bytes);

    try (Journal next = open(renamed)) {
      assertThat(pending(next.find("a").orElseThrow())).containsExactly(inSegment2);
    }
  }

  @Test
  void shouldReadASegmentInAnOldFileWhoseHeaderIsDamaged() throws IOException {
    List<String> texts = secondRound(3);
    byte[] bytes = folder.bytes(segment(3));
    Arrays.fill(bytes, 0, SegmentHeader.LENGTH, (byte) 7);

    assertThat(restarted(bytes)).isEqualTo(texts);
  }

  @Test
  void shouldEndASegmentThatDoesNotFillItsFile() throws IOException {
    secondRound(3);
    int length = folder.bytes(segment(3)).length;
    String large = "y".repeat(2_000);
    for (int i = 0; i < 2; i++) {
      written(journal, large, place);
    }

    byte[] ended = folder.bytes(segment(3));
    assertThat(ended).hasSize(length);
    ByteBuffer header = ByteBuffer.wrap(ended);
    assertThat(
            SegmentTail.isEnded(
                folder.open(segment(3)),
                SegmentHeader.decode(segment(3), header).mark(),
                ended.length))
        .isTrue();
    assertThat(pending(place)).hasSize(5);
    ForgetfulFolder killed = folder.afterPowerLoss(Left.EVERYTHING, 0);
    try (Journal next = open(killed)) {
      assertThat(pending(next.find("a").orElseThrow())).hasSize(5);
    }
    assertThat(events).isEmpty();
  }

  @Test
  void shouldNeverWriteAgainWhereASyncHasFailed() throws IOException {
    secondRound(1);
    AtomicBoolean once = new AtomicBoolean(true);
    folder.failing(
        (operation, name) ->
            operation == Operation.SYNC
                && name.equals(segment(3))
                && once.compareAndSet(true, false));
    secondRound(1);
    assertThat(folder.list()).contains(segment(3), segment(4));

    List<StoredRecord> records = TestEntries.records(place);
    records.forEach(record -> record.payload().release());
    records.forEach(record -> place.acknowledge(record.receipt()));

    await().until(() -> !folder.list().contains(segment(3)));
    assertThat(freeFiles()).isEmpty();
  }

  @Test
  void shouldTellAnInspectionNothingOfAnEarlierRound() throws IOException {
    secondRound(3);
    List<Long> offsets = new ArrayList<>();

    JournalInspection found =
        JournalInspection.of(
            folder,
            JournalInspection.Reading.HEADERS_AND_PAYLOADS,
            record -> {
              if (record.file().equals(segment(3))) {
                offsets.add(record.offset());
              }
            });

    JournalInspection.SegmentSummary segment = found.segments().getLast();
    assertThat(segment.file()).isEqualTo(segment(3));
    assertThat(segment.entries()).isEqualTo(3);
    assertThat(segment.damages()).isEmpty();
    assertThat(segment.bytes()).isLessThan(folder.bytes(segment(3)).length);
    assertThat(offsets).hasSize(3);
  }

  @Test
  void shouldLeaveNoFreeFileBehind() throws IOException {
    ForgetfulFolder killed = folder.afterPowerLoss(Left.EVERYTHING, 0);
    assertThat(killed.list()).anyMatch(name -> name.endsWith(FREE));

    try (Journal next = open(killed)) {
      assertThat(killed.list()).noneMatch(name -> name.endsWith(FREE));
      assertThat(next.places()).hasSize(2);
    }
    journal.close();
    assertThat(folder.list()).noneMatch(name -> name.endsWith(FREE));
  }

  /** Begins segment 3, and with it the file of segment 1, unless that was done before. */
  private List<String> secondRound(int entries) {
    List<String> texts = new ArrayList<>();
    if (!folder.list().contains(segment(3))) {
      for (int i = 1; i < OF_A_SEGMENT; i++) {
        written(journal, FORMAT.formatted("mid", i), lagging);
      }
    }
    for (int i = 0; i < entries; i++) {
      texts.add(FORMAT.formatted("new", round++));
      written(journal, texts.getLast(), place);
    }
    return texts;
  }

  /** Where nothing says any more that the old records are done with. */
  private ForgetfulFolder withoutProgress() throws IOException {
    ForgetfulFolder image = folder.afterPowerLoss(Left.EVERYTHING, 0);
    for (String name : folder.list()) {
      if (ProgressFile.isName(name)) {
        image.delete(name);
      }
    }
    return image;
  }

  /** What a process finds that starts with these bytes in the segment. */
  private List<String> restarted(byte[] segment) throws IOException {
    ForgetfulFolder image = folder.afterPowerLoss(Left.EVERYTHING, 0);
    image.put(segment(3), segment);
    try (Journal next = open(image)) {
      return pending(next.find("a").orElseThrow());
    }
  }

  private List<String> freeFiles() {
    return folder.list().stream().filter(name -> name.endsWith(FREE)).toList();
  }

  private static String content(ForgetfulFolder in, String name) {
    return new String(in.bytes(name), StandardCharsets.ISO_8859_1);
  }

  private static String segment(int number) {
    return SegmentHeader.fileName(number);
  }

  private Journal open(JournalFolder in) throws IOException {
    return Journal.open(in, SMALL_SEGMENTS, listener);
  }
}
