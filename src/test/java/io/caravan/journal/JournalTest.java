/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.SMALL_SEGMENTS;
import static io.caravan.journal.TestEntries.append;
import static io.caravan.journal.TestEntries.entry;
import static io.caravan.journal.TestEntries.notDurable;
import static io.caravan.journal.TestEntries.payload;
import static io.caravan.journal.TestEntries.pending;
import static io.caravan.journal.TestEntries.records;
import static io.caravan.journal.TestEntries.text;
import static io.caravan.journal.TestEntries.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.caravan.otlp.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A journal on a real file system. */
@ExtendWith(NoLeaks.class)
class JournalTest {
  @TempDir Path folder;

  @Test
  void shouldGiveEachPlaceWhatIsForItInOrder() throws IOException {
    try (Journal journal = open()) {
      Place a = journal.place("a");
      Place b = journal.place("b");

      append(journal, entry("both", a, b)).join();
      append(journal, entry("only a", a)).join();
      append(journal, entry("only b", b)).join();

      assertThat(pending(a)).containsExactly("both", "only a");
      assertThat(pending(b)).containsExactly("both", "only b");
    }
  }

  @Test
  void shouldKeepAllThatIsSaidOfAnEntry() throws IOException {
    try (Journal journal = open()) {
      Place place = journal.place("a");
      place.tryReserve(99);
      ByteBuf parts =
          Unpooled.wrappedBuffer(
              payload("one "), Unpooled.copiedBuffer(new byte[] {'2'}), payload("!"));
      Target target = new Target(place, 7, 99, new byte[] {0b101, 1});

      Receipt receipt =
          append(journal, new Entry((byte) 3, (byte) -1, 123, 9, -5, List.of(target), parts, true))
              .join()
              .getFirst();
      StoredRecord record = records(place).getFirst();

      assertThat(record.receipt()).isEqualTo(receipt);
      assertThat(receipt.records()).isEqualTo(7);
      assertThat(receipt.bytes()).isEqualTo(99);
      assertThat(record.signal()).isEqualTo((byte) 3);
      assertThat(record.origin()).isEqualTo((byte) -1);
      assertThat(record.time()).isEqualTo(123);
      assertThat(record.lane()).isEqualTo(-5);
      assertThat(record.resources()).containsExactly(0b101, 1);
      assertThat(record.nextPosition()).isEqualTo(place.end());
      assertThat(text(record)).isEqualTo("one 2!");
    }
  }

  @Test
  void shouldLetNobodyReadWhatIsAcknowledged() throws IOException {
    try (Journal journal = open()) {
      Place place = journal.place("a");
      written(journal, "1", place);
      Receipt second = written(journal, "2", place);
      written(journal, "3", place);

      assertThat(place.acknowledge(second)).isTrue();
      assertThat(place.acknowledge(second)).isFalse();

      assertThat(pending(place)).containsExactly("1", "3");
      assertThat(place.pendingRecords()).isEqualTo(2);
      assertThat(place.pendingBytes()).isEqualTo(2);
    }
  }

  @Test
  void shouldGoOnWhereTheLastProcessStood() throws IOException {
    try (Journal journal = open()) {
      Place a = journal.place("a");
      Place b = journal.place("b");
      for (int i = 0; i < 100; i++) {
        Entry entry = entry("record " + i + " ".repeat(200), a, b);
        List<Receipt> receipts = append(journal, entry).join();
        if (i < 90 && i != 17) {
          a.acknowledge(receipts.getFirst());
        }
      }
      assertThat(journal.segments()).isGreaterThan(3);
    }

    try (Journal journal = open()) {
      Place a = journal.find("a").orElseThrow();

      assertThat(a.pendingRecords()).isEqualTo(11);
      assertThat(a.pendingBytes()).isEqualTo(209 + 10 * 209);
      assertThat(pending(a).stream().map(String::strip))
          .startsWith("record 17", "record 90")
          .hasSize(11);
      assertThat(journal.find("b").orElseThrow().pendingRecords()).isEqualTo(100);
      Receipt next = written(journal, "behind", a);
      assertThat(next.ordinal()).isGreaterThan(100);
      assertThat(pending(a)).hasSize(12).last().isEqualTo("behind");
    }
  }

  @Test
  void shouldReadNoMoreThanWasAskedFor() throws IOException {
    try (Journal journal = open()) {
      Place place = journal.place("a");
      for (int i = 0; i < 10; i++) {
        written(journal, "0123456789", place);
      }

      Portion first = place.read(place.oldest(), 25);
      Portion second = place.read(first.next(), 1);

      assertThat(first.records()).hasSize(3);
      assertThat(second.records()).hasSize(1);
      assertThat(second.records().getFirst().receipt().ordinal()).isEqualTo(4);
      first.records().forEach(record -> record.payload().release());
      second.records().forEach(record -> record.payload().release());
    }
  }

  @Test
  void shouldReadOnBehindTheEndWhenThereIsMore() throws IOException {
    try (Journal journal = open()) {
      Place place = journal.place("a");
      Portion empty = place.read(place.oldest(), 100);
      assertThat(empty.records()).isEmpty();

      written(journal, "later", place);

      List<StoredRecord> records = place.read(empty.next(), 100).records();
      assertThat(records.stream().map(TestEntries::text)).containsExactly("later");
    }
  }

  @Test
  void shouldDeleteSegmentsThatNobodyNeeds() throws IOException {
    try (Journal journal = open()) {
      Place fast = journal.place("fast");
      Place slow = journal.place("slow");
      List<Receipt> late = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        List<Receipt> receipts = append(journal, entry("x".repeat(500), fast, slow)).join();
        fast.acknowledge(receipts.getFirst());
        late.add(receipts.get(1));
      }
      assertThat(journal.segments()).isGreaterThan(5);

      late.forEach(slow::acknowledge);

      await().until(() -> journal.segments() == 1);
      assertThat(DiskFolder.existing(folder).list().stream().filter(SegmentHeader::isFileName))
          .hasSize(1);
    }
  }

  @Test
  void shouldStartEmptyWhenAPlaceOfTheSameIdWasRemoved() throws IOException {
    try (Journal journal = open()) {
      Place old = journal.place("a");
      Receipt receipt = written(journal, "old", old);

      journal.remove(old);
      Place recreated = journal.place("a");

      assertThat(old.tryReserve(1)).isEqualTo(Reservation.REMOVED);
      assertThat(old.acknowledge(receipt)).isFalse();
      assertThat(pending(recreated)).isEmpty();
      written(journal, "new", recreated);
    }
    try (Journal journal = open()) {
      Place place = journal.find("a").orElseThrow();
      assertThat(pending(place)).containsExactly("new");
      assertThat(journal.places()).containsExactly(place);
    }
  }

  @Test
  void shouldForgetWhatWasRemovedAlsoWhenNobodyCreatesItAgain() throws IOException {
    try (Journal journal = open()) {
      Place place = journal.place("a");
      written(journal, "old", place);
      journal.remove(place);
    }
    try (Journal journal = open()) {
      assertThat(journal.places()).isEmpty();
      assertThat(journal.find("a")).isEmpty();
    }
  }

  @Test
  void shouldWriteEntriesThatNeedNotBeDurable() throws IOException {
    try (Journal journal = open()) {
      Place place = journal.place("a");

      append(journal, notDurable(entry("quick", place))).join();

      assertThat(pending(place)).containsExactly("quick");
    }
    try (Journal journal = open()) {
      assertThat(pending(journal.find("a").orElseThrow())).containsExactly("quick");
    }
  }

  @Test
  void shouldFailWhatIsAppendedWhenItIsClosed() throws IOException {
    Journal journal = open();
    Place place = journal.place("a");
    journal.close();

    Entry entry = entry("late", place);

    assertThatThrownBy(() -> append(journal, entry).join())
        .hasCauseInstanceOf(ClosedChannelException.class);
    assertThat(place.pendingBytes()).isZero();
    assertThat(entry.payload().refCnt()).isZero();
  }

  @Test
  void shouldRefuseAReceiptOfAnotherPlace() throws IOException {
    try (Journal journal = open()) {
      Receipt receipt = written(journal, "x", journal.place("a"));

      assertThatThrownBy(() -> journal.place("b").acknowledge(receipt))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is not of the place b");
    }
  }

  private Journal open() throws IOException {
    return Journal.open(DiskFolder.at(folder), SMALL_SEGMENTS, JournalListener.NONE);
  }
}
