/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.SMALL_SEGMENTS;
import static io.caravan.journal.TestEntries.append;
import static io.caravan.journal.TestEntries.entry;
import static io.caravan.journal.TestEntries.pending;
import static io.caravan.journal.TestEntries.records;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.journal.ForgetfulFolder.Left;
import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A place that lags keeps what it needs on the disk, and not what others are done with. */
@ExtendWith(NoLeaks.class)
class CompactionTest {
  private static final int ENTRIES = 400;
  private static final int RARE = 20;

  /** Of 800 kB: what is needed, the last segments, and the files that are kept for later ones. */
  private static final long SMALL = 400_000;

  private final ForgetfulFolder folder = new ForgetfulFolder();
  private final List<String> needed = new ArrayList<>();
  private final List<Receipt> receipts = new ArrayList<>();

  @Test
  void shouldGiveBackWhatOnlyOthersHadNeeded() throws IOException {
    try (Journal journal = open(folder)) {
      fill(journal);
      Place slow = journal.place("slow");

      await().until(() -> journal.diskBytes() < SMALL);

      assertThat(pending(slow)).isEqualTo(needed);
      assertThat(slow.pendingRecords()).isEqualTo(needed.size());
      slow.acknowledge(receipts.getFirst());
    }
    try (Journal journal = open(folder)) {
      assertThat(journal.diskBytes()).isLessThan(SMALL);
      assertThat(pending(journal.place("slow"))).isEqualTo(needed.subList(1, needed.size()));
    }
  }

  @Test
  void shouldLetAReaderGoOnWhereItStoodInASegmentThatIsCompacted() throws IOException {
    try (Journal journal = open(folder)) {
      Place slow = journal.place("slow");
      Place fast = journal.place("fast");
      append(journal, entry("first", slow)).join();
      List<Receipt> others = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        others.add(append(journal, entry("x".repeat(500), fast)).join().getFirst());
      }
      // In the middle of what will be a hole.
      long inTheHole = others.get(2).position();
      append(journal, entry("second", slow)).join();
      append(journal, entry("y".repeat(30_000), fast)).join();
      for (int i = 0; i < 40; i++) {
        append(journal, entry("z".repeat(5_000), fast)).join();
      }
      List<StoredRecord> all = records(fast);
      all.forEach(record -> record.payload().release());
      all.forEach(record -> fast.acknowledge(record.receipt()));
      await().until(() -> folder.bytes(SegmentHeader.fileName(1))[(int) inTheHole & 0xFFFF] == 0);

      List<StoredRecord> read = slow.read(inTheHole, 1).records();

      assertThat(read.stream().map(TestEntries::text)).containsExactly("second");
      assertThat(folder.list()).noneMatch(name -> name.startsWith("corrupt"));
    }
  }

  @Test
  void shouldLoseNothingWhenThePowerIsLostAtAnyStepOfIt() throws IOException {
    List<ForgetfulFolder> losses = new ArrayList<>();
    try (Journal journal = open(folder)) {
      fill(journal);
      folder.afterEachStep(
          () -> {
            for (Left left : Left.values()) {
              losses.add(folder.afterPowerLoss(left, losses.size()));
            }
          });
      await().until(() -> journal.diskBytes() < SMALL);
      folder.afterEachStep(() -> {});
    }
    assertThat(losses).hasSizeGreaterThan(10);
    for (int i = 0; i < losses.size(); i += Math.max(1, losses.size() / 100)) {
      try (Journal journal = open(losses.get(i))) {
        assertThat(pending(journal.find("slow").orElseThrow())).isEqualTo(needed);
      }
    }
  }

  /** Many entries that are done with, and few that are not. */
  private void fill(Journal journal) {
    Place fast = journal.place("fast");
    Place slow = journal.place("slow");
    List<Receipt> done = new ArrayList<>();
    for (int i = 0; i < ENTRIES; i++) {
      String text = i + " " + "x".repeat(2_000);
      if (i % RARE == 0) {
        List<Receipt> both = append(journal, entry(text, fast, slow)).join();
        done.add(both.getFirst());
        receipts.add(both.get(1));
        needed.add(text);
      } else {
        done.add(append(journal, entry(text, fast)).join().getFirst());
      }
    }
    done.forEach(fast::acknowledge);
  }

  private static Journal open(JournalFolder folder) throws IOException {
    return Journal.open(folder, SMALL_SEGMENTS.withSegmentBytes(32 << 10), JournalListener.NONE);
  }
}
