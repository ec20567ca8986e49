/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.append;
import static io.caravan.journal.TestEntries.entry;
import static io.caravan.journal.TestEntries.pending;
import static io.caravan.journal.TestEntries.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a journal makes of files that are not as they were written. */
@ExtendWith(NoLeaks.class)
class RecoveryTest {
  private static final JournalSettings SETTINGS = JournalSettings.of(1 << 30).withFreePercent(0);
  private static final String SEGMENT = SegmentHeader.fileName(1);
  private static final List<String> TEXTS = List.of("first", "second one", "the third", "4");

  private final ForgetfulFolder folder = new ForgetfulFolder();
  private final List<String> events = new ArrayList<>();
  private final List<Receipt> receipts = new ArrayList<>();
  private final JournalListener listener =
      new JournalListener() {
        @Override
        public void torn(String segment, long offset, long bytes) {
          events.add("torn at " + offset);
        }

        @Override
        public void corrupt(String segment, long offset, long bytes) {
          events.add("corrupt at " + offset);
        }

        @Override
        public void lost(Place place, Receipt receipt) {
          events.add("lost " + receipt.ordinal() + " of " + place);
        }
      };

  @Test
  void shouldCutATailThatIsTornAtAnyByte() throws IOException {
    byte[] segment = killed();
    int last = offset(3);

    for (int length = last + 1; length < segment.length; length++) {
      ForgetfulFolder torn = withSegment(Arrays.copyOf(segment, length));
      events.clear();
      try (Journal journal = open(torn)) {
        Place place = journal.find("a").orElseThrow();
        assertThat(pending(place)).as("%d bytes", length).isEqualTo(TEXTS.subList(0, 3));
        assertThat(events).containsExactly("torn at " + last);
        written(journal, "after", place);
      }
      events.clear();
      try (Journal journal = open(torn)) {
        assertThat(pending(journal.find("a").orElseThrow()))
            .containsExactly("first", "second one", "the third", "after");
        assertThat(events).isEmpty();
      }
    }
  }

  @Test
  void shouldCutATailWhoseBytesCameOnlyInPart() throws IOException {
    byte[] segment = killed();

    for (int at = offset(3); at < segment.length - padding(3); at++) {
      if (segment[at] == 0) {
        continue;
      }
      byte[] holed = segment.clone();
      holed[at] = 0;
      try (Journal journal = open(withSegment(holed))) {
        assertThat(pending(journal.find("a").orElseThrow()))
            .as("byte %d", at)
            .isEqualTo(TEXTS.subList(0, 3));
      }
    }
  }

  @Test
  void shouldSkipARecordOfWhichAnyBitIsFlippedAndKeepTheOthers() throws IOException {
    byte[] segment = closed();
    int from = offset(1);
    int to = offset(2) - padding(1);

    for (int bit = from * 8; bit < to * 8; bit++) {
      byte[] flipped = segment.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      ForgetfulFolder damaged = withSegment(flipped);
      events.clear();
      try (Journal journal = open(damaged)) {
        assertThat(pending(journal.find("a").orElseThrow()))
            .as("bit %d of byte %d", bit % 8, bit / 8 - from)
            .containsExactly("first", "the third", "4");
      }
      assertThat(events).first().isEqualTo("corrupt at " + from);
      assertThat(damaged.bytes("corrupt-00000000000000000001-" + from))
          .isEqualTo(Arrays.copyOfRange(flipped, from, offset(2)));
      events.clear();
      try (Journal journal = open(damaged)) {
        assertThat(pending(journal.find("a").orElseThrow())).hasSize(3);
        assertThat(events).as("said and kept once").isEmpty();
      }
    }
  }

  @Test
  void shouldCountARecordWhosePayloadIsCorruptAsLost() throws IOException {
    byte[] segment = closed();
    segment[offset(2) - padding(1) - 1] ^= 1;

    try (Journal journal = open(withSegment(segment))) {
      Place place = journal.find("a").orElseThrow();
      assertThat(place.pendingRecords()).isEqualTo(4);

      assertThat(pending(place)).containsExactly("first", "the third", "4");

      assertThat(events).containsExactly("corrupt at " + offset(1), "lost 2 of a");
      assertThat(place.pendingRecords()).isEqualTo(3);
      assertThat(place.pendingBytes()).isEqualTo("firstthe third4".length());
    }
  }

  @Test
  void shouldReadASegmentWhoseHeaderIsDamaged() throws IOException {
    byte[] segment = closed();
    for (int at = 0; at < SegmentHeader.LENGTH; at++) {
      byte[] flipped = segment.clone();
      flipped[at] ^= 0x10;
      try (Journal journal = open(withSegment(flipped))) {
        assertThat(pending(journal.find("a").orElseThrow())).as("byte %d", at).isEqualTo(TEXTS);
      }
    }
  }

  @Test
  void shouldKeepASegmentAsideOfWhichNothingCanBeRead() throws IOException {
    byte[] segment = closed();
    Arrays.fill(segment, 0, SegmentHeader.LENGTH + 8, (byte) 7);
    ForgetfulFolder damaged = withSegment(segment);

    try (Journal journal = open(damaged)) {
      assertThat(journal.find("a").orElseThrow().pendingRecords()).isZero();
    }

    assertThat(events).containsExactly("corrupt at 0");
    assertThat(damaged.bytes(SEGMENT + ".corrupt")).isEqualTo(segment);
  }

  @Test
  void shouldRefuseASegmentOfAnUnknownVersion() throws IOException {
    byte[] segment = closed();
    ByteBuffer header = ByteBuffer.wrap(segment);
    header.putInt(8, 3);
    CRC32C checksum = new CRC32C();
    checksum.update(header.slice(0, 12));
    checksum.update(header.slice(16, 48));
    header.putInt(12, (int) checksum.getValue());

    assertThatThrownBy(() -> open(withSegment(segment)))
        .isInstanceOf(UnknownFormatException.class)
        .hasMessageContainingAll(SEGMENT, "format version 3", "reads up to 2");
  }

  @Test
  void shouldDeliverAgainAndLoseNothingWhenTheProgressIsGone() throws IOException {
    byte[] segment = closed();
    ForgetfulFolder bare = new ForgetfulFolder();
    bare.put(SEGMENT, segment);

    try (Journal journal = open(bare)) {
      assertThat(pending(journal.find("a").orElseThrow())).isEqualTo(TEXTS);
    }
  }

  @Test
  void shouldKeepThePlaceWhenAnyByteOfTheProgressIsDamaged() throws IOException {
    byte[] segment = closed();
    String name = progress();
    byte[] progress = folder.bytes(name);
    for (int at = 0; at < progress.length; at++) {
      byte[] flipped = progress.clone();
      flipped[at] ^= 1;
      ForgetfulFolder damaged = withSegment(segment);
      damaged.put(name, flipped);
      try (Journal journal = open(damaged)) {
        assertThat(pending(journal.find("a").orElseThrow())).as("byte %d", at).isEqualTo(TEXTS);
      }
    }
  }

  @Test
  void shouldNeverGiveANumberTwiceThatOnlyTheProgressRemembers() throws IOException {
    // Acknowledged, saved, and then the power loss takes the record itself.
    byte[] segment = killed();
    int keep = offset(2);
    ForgetfulFolder torn;
    try (Journal journal = open(folder)) {
      Place place = journal.find("a").orElseThrow();
      receipts.subList(2, 4).forEach(place::acknowledge);
    }
    torn = withSegment(Arrays.copyOf(segment, keep));

    try (Journal journal = open(torn)) {
      Place place = journal.find("a").orElseThrow();
      assertThat(written(journal, "fifth", place).ordinal()).isEqualTo(5);
      assertThat(pending(place)).containsExactly("first", "second one", "fifth");
    }
  }

  /** The segment of a process that was killed. */
  private byte[] killed() throws IOException {
    byte[] killed = new byte[0];
    try (Journal journal = open(folder)) {
      Place place = journal.place("a");
      for (String text : TEXTS) {
        receipts.add(append(journal, entry(text, place)).join().getFirst());
      }
      killed = folder.bytes(SEGMENT);
    }
    folder.put(SEGMENT, killed);
    return killed;
  }

  /** The segment of a process that was closed. */
  private byte[] closed() throws IOException {
    byte[] unused = killed();
    assertThat(unused).isNotEmpty();
    try (Journal journal = open(folder)) {
      assertThat(journal.segments()).isEqualTo(1);
    }
    events.clear();
    return folder.bytes(SEGMENT);
  }

  private int offset(int record) {
    return (int) Position.offset(receipts.get(record).position());
  }

  private static int padding(int record) {
    return -TEXTS.get(record).length() - headerLength() & 7;
  }

  private static int headerLength() {
    return RecordHeader.FIXED_LENGTH + TargetHeader.FIXED_LENGTH;
  }

  private String progress() {
    return folder.list().stream().filter(ProgressFile::isName).findFirst().orElseThrow();
  }

  /** The folder with other bytes for the segment. */
  private ForgetfulFolder withSegment(byte[] segment) {
    ForgetfulFolder other = folder.afterPowerLoss(ForgetfulFolder.Left.EVERYTHING, 0);
    other.put(SEGMENT, segment);
    return other;
  }

  private Journal open(JournalFolder in) throws IOException {
    return Journal.open(in, SETTINGS, listener);
  }
}
