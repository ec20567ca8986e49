/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.SMALL_SEGMENTS;
import static io.caravan.journal.TestEntries.append;
import static io.caravan.journal.TestEntries.entry;
import static io.caravan.journal.TestEntries.pending;
import static io.caravan.journal.TestEntries.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a place is done with and its companion holds. */
@ExtendWith(NoLeaks.class)
class RetainedPlacesTest {
  private final ForgetfulFolder folder = new ForgetfulFolder();

  @Test
  void shouldBeReadableAfterItWasAcknowledgedAndAfterARestart() throws IOException {
    try (Journal journal = open(SMALL_SEGMENTS)) {
      Place place = journal.place("a");
      for (int i = 0; i < 20; i++) {
        acknowledged(journal, i + "x".repeat(1000), place);
      }
      assertThat(place.pendingEntries()).isZero();
      assertThat(pending(retained(journal))).hasSize(20);
    }
    try (Journal journal = open(SMALL_SEGMENTS)) {
      assertThat(pending(journal.place("a"))).isEmpty();
      assertThat(pending(retained(journal))).hasSize(20).first().asString().startsWith("0x");
      assertThat(journal.places()).extracting(Place::id).containsExactly("a");
    }
  }

  @Test
  void shouldStayWhenSegmentsOfWhichOthersNeedLittleAreCompacted() throws IOException {
    try (Journal journal = open(SMALL_SEGMENTS)) {
      Place kept = journal.place("a");
      Place other = journal.place("other");
      List<Receipt> done = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        if (i % 20 == 0) {
          acknowledged(journal, i + "x".repeat(2000), kept);
        } else {
          done.add(written(journal, i + "y".repeat(2000), other));
        }
      }
      long before = journal.diskBytes();
      done.forEach(other::acknowledge);
      await().until(() -> journal.diskBytes() < before / 3);

      assertThat(pending(retained(journal))).hasSize(10).last().asString().startsWith("180x");
    }
  }

  @Test
  void shouldNeverMakeLiveDataBeRefusedAndSayHowMuchHasToGo() throws IOException {
    try (Journal journal = open(JournalSettings.of(10_000).withFreePercent(0))) {
      Place place = journal.place("a");
      Place neighbour = journal.place("neighbour");
      for (int i = 0; i < 8; i++) {
        acknowledged(journal, "x".repeat(1000), place);
      }
      assertThat(journal.retained().bytes(place)).isEqualTo(8_000);
      assertThat(journal.retained().excess()).isZero();

      assertThat(place.tryReserve(5_000)).isEqualTo(Reservation.GRANTED);
      assertThat(neighbour.tryReserve(2_500)).isEqualTo(Reservation.GRANTED);

      // What waits is in the companion too, as far as anybody can see.
      assertThat(journal.retained().excess()).isEqualTo(7_500 + 3_000 - 10_000);
      place.release(5_000);
      assertThat(journal.retained().excess()).isEqualTo(2_500 + 8_000 - 10_000);
      List<StoredRecord> held = TestEntries.records(retained(journal));
      held.forEach(record -> record.payload().release());
      retained(journal).acknowledge(held.getFirst().receipt());
      assertThat(journal.retained().excess()).isZero();
    }
  }

  @Test
  void shouldGoWithThePlaceAlsoWhereTheProcessEndedInBetween() throws IOException {
    try (Journal journal = open(SMALL_SEGMENTS)) {
      acknowledged(journal, "x", journal.place("a"));
      acknowledged(journal, "y", journal.place("b"));
      journal.remove(journal.place("a"));
      assertThat(journal.retained().find(journal.place("b"))).isPresent();
    }
    try (Journal journal = open(SMALL_SEGMENTS)) {
      Place again = journal.place("a");
      assertThat(journal.retained().find(again)).isEmpty();
      assertThat(pending(journal.retained().place(journal.place("b")))).containsExactly("y");
    }
  }

  @Test
  void shouldTellHeadersWithoutPayloads() throws IOException {
    try (Journal journal = open(SMALL_SEGMENTS)) {
      Place place = journal.place("a");
      Receipt first = written(journal, "x".repeat(3000), place);
      Receipt second = written(journal, "y".repeat(3000), place);
      Receipt third = written(journal, "z".repeat(3000), place);
      place.acknowledge(second);

      List<StoredRecord> read = new ArrayList<>();
      for (long at = place.oldest(); at < place.end(); ) {
        Portion portion = place.readHeaders(at, 1);
        read.addAll(portion.records());
        at = portion.next();
      }

      assertThat(read).extracting(StoredRecord::receipt).containsExactly(first, third);
      assertThat(read).allSatisfy(record -> assertThat(record.payload().isReadable()).isFalse());
    }
  }

  private Journal open(JournalSettings settings) throws IOException {
    return Journal.open(folder, settings, JournalListener.NONE);
  }

  private static Place retained(Journal journal) {
    return journal.retained().place(journal.place("a"));
  }

  private static void acknowledged(Journal journal, String text, Place place) {
    List<Receipt> receipts =
        append(journal, entry(text, place, journal.retained().place(place))).join();
    assertThat(place.acknowledge(receipts.getFirst())).isTrue();
  }
}
