/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.SMALL_SEGMENTS;
import static io.caravan.journal.TestEntries.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.journal.ForgetfulFolder.Left;
import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody deletes a segment between two processes, of which no record was acknowledged. */
@ExtendWith(NoLeaks.class)
class DeletedSegmentTest {
  private static final int ENTRIES = 40;

  private final ForgetfulFolder folder = new ForgetfulFolder();
  private final Map<Integer, Long> bySegment = new HashMap<>();
  private final List<String> events = new ArrayList<>();
  private final JournalListener listener =
      new JournalListener() {
        @Override
        public void missing(Place place, long entries) {
          events.add(entries + " of " + place);
        }
      };

  @Test
  void shouldAccountForWhatWasInItAfterAStop() throws IOException {
    try (Journal journal = open(folder)) {
      write(journal, journal.place("a"));
    }

    delete(folder, 2);

    check(folder, entriesOf(2));
  }

  @Test
  void shouldAccountForWhatWasInTheLastOneAfterAStop() throws IOException {
    try (Journal journal = open(folder)) {
      write(journal, journal.place("a"));
    }
    int last = bySegment.size();

    delete(folder, last);

    check(folder, entriesOf(last));
  }

  @Test
  void shouldAccountForWhatWasInItAfterAKill() throws IOException {
    try (Journal journal = open(folder)) {
      write(journal, journal.place("a"));

      // What was written is saved milliseconds later, though nothing was acknowledged.
      await()
          .untilAsserted(
              () -> {
                ForgetfulFolder killed = folder.afterPowerLoss(Left.EVERYTHING, 0);
                delete(killed, 2);
                check(killed, entriesOf(2));
              });
    }
  }

  @Test
  void shouldTellHowManyRequestsAreGoneOfWhichNothingWasSaved() throws IOException {
    ForgetfulFolder old = withProgressOfBefore();
    delete(old, 2);

    try (Journal journal = open(old)) {
      Place place = journal.find("a").orElseThrow();
      assertThat(place.pendingRecords()).isEqualTo(ENTRIES - entriesOf(2));
    }

    assertThat(events).containsExactly(entriesOf(2) + " of a");
    events.clear();
    try (Journal _ = open(old)) {
      assertThat(events).as("told once").isEmpty();
    }
  }

  @Test
  void shouldTellNothingWhenAllIsThereThoughTheProgressIsOld() throws IOException {
    try (Journal journal = open(withProgressOfBefore())) {
      assertThat(journal.find("a").orElseThrow().pendingRecords()).isEqualTo(ENTRIES);
    }

    assertThat(events).isEmpty();
  }

  /** The segments, and a progress that knows the place and none of its records. */
  private ForgetfulFolder withProgressOfBefore() throws IOException {
    try (Journal journal = open(folder)) {
      Place place = journal.place("a");
      assertThat(place.pendingRecords()).isZero();
    }
    String name = progress(folder);
    byte[] before = folder.bytes(name);
    ForgetfulFolder old;
    try (Journal journal = open(folder)) {
      write(journal, journal.place("a"));
      old = folder.afterPowerLoss(Left.EVERYTHING, 0);
    }
    for (String each : old.list()) {
      if (ProgressFile.isName(each)) {
        old.delete(each);
      }
    }
    old.put(name, before);
    return old;
  }

  private static String progress(ForgetfulFolder in) {
    return in.list().stream().filter(ProgressFile::isName).findFirst().orElseThrow();
  }

  private void write(Journal journal, Place place) {
    CountingAccount.of(place);
    for (int i = 0; i < ENTRIES; i++) {
      Receipt receipt = written(journal, i + " ".repeat(500), place);
      bySegment.merge(Position.segment(receipt.position()), 1L, Long::sum);
    }
    assertThat(bySegment).hasSizeGreaterThan(3).doesNotContainKey(0);
  }

  private static void delete(ForgetfulFolder from, int segment) throws IOException {
    assertThat(from.bytes(SegmentHeader.fileName(segment))).isNotEmpty();
    from.delete(SegmentHeader.fileName(segment));
  }

  private void check(ForgetfulFolder found, long gone) throws IOException {
    try (Journal journal = open(found)) {
      Place place = journal.find("a").orElseThrow();
      CountingAccount account = CountingAccount.of(place);
      assertThat(account.came()).isEqualTo(ENTRIES);
      assertThat(account.missing()).isEqualTo(gone);
      assertThat(place.pendingRecords()).isEqualTo(ENTRIES - gone);
    }
    assertThat(events).as("all of it is known").isEmpty();
  }

  private Journal open(JournalFolder in) throws IOException {
    return Journal.open(in, SMALL_SEGMENTS, listener);
  }

  private long entriesOf(int segment) {
    return bySegment.getOrDefault(segment, 0L);
  }
}
