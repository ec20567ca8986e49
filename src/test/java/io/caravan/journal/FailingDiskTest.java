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
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.caravan.journal.ForgetfulFolder.Operation;
import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A journal on a disk that fails, is full or must not be written. */
@ExtendWith(NoLeaks.class)
class FailingDiskTest {
  private final ForgetfulFolder folder = new ForgetfulFolder();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger progressFailures = new AtomicInteger();
  private final JournalListener listener =
      new JournalListener() {
        @Override
        public void failed(IOException cause) {
          failures.incrementAndGet();
        }

        @Override
        public void refused(int entries, IOException cause) {
          refusals.addAndGet(entries);
        }

        @Override
        public void progressFailed(IOException cause) {
          progressFailures.incrementAndGet();
        }
      };

  @Test
  void shouldWriteAGroupWhoseSyncFailedToAnotherSegment() throws IOException {
    try (Journal journal = open()) {
      Place place = journal.place("a");
      written(journal, "before", place);
      AtomicBoolean once = new AtomicBoolean(true);
      folder.failing(
          (operation, name) ->
              operation == Operation.SYNC
                  && SegmentHeader.isFileName(name)
                  && once.compareAndSet(true, false));

      Receipt receipt = written(journal, "during", place);
      written(journal, "after", place);

      assertThat(failures).hasValue(1);
      assertThat(refusals).hasValue(0);
      assertThat(Position.segment(receipt.position())).isEqualTo(2);
      assertThat(pending(place)).containsExactly("before", "during", "after");
      assertThat(afterPowerLoss()).containsExactly("before", "during", "after");
    }
  }

  @Test
  void shouldRefuseWhatCannotBeSyncedTwiceAndRecoverByItself() throws IOException {
    try (Journal journal = open()) {
      Place place = journal.place("a");
      written(journal, "before", place);
      folder.failing(
          (operation, name) -> operation == Operation.SYNC && SegmentHeader.isFileName(name));

      assertThatThrownBy(() -> written(journal, "during", place))
          .isInstanceOf(CompletionException.class)
          .hasMessageContaining("Input/output error");
      assertThat(place.pendingBytes()).isEqualTo("before".length());
      assertThat(place.pendingRecords()).isEqualTo(1);

      folder.failing((_, _) -> false);
      await()
          .until(() -> !append(journal, entry("again", place)).handle((_, e) -> e != null).join());
      assertThat(pending(place)).containsExactly("before", "again");
      await().untilAsserted(() -> assertThat(afterPowerLoss()).containsExactly("before", "again"));
    }
  }

  @Test
  void shouldRefuseWhenTheDiskIsFullAndTakeAgainWhenThereIsRoom() throws IOException {
    try (Journal journal = open()) {
      Place place = journal.place("a");
      List<Receipt> written = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        written.add(written(journal, "x".repeat(1000), place));
      }
      // The bounds would see it, so the file system is said to be larger than it turns out to be.
      CompletableFuture<?> refused = append(journal, entry("y".repeat(5000), place));
      refused.join();
      Entry next = entry("z".repeat(9000), place);
      folder.capacity(folder.totalSpace() - folder.usableSpace() + 3000);

      assertThatThrownBy(() -> append(journal, next).join())
          .hasMessageContaining("No space left on device");
      assertThat(refusals.get()).isPositive();
      assertThat(pending(place)).hasSize(11);

      written.forEach(place::acknowledge);
      await()
          .until(
              () ->
                  place.tryReserve(5) == Reservation.GRANTED
                      && append(
                              journal,
                              new Entry(
                                  (byte) 0,
                                  (byte) 0,
                                  0,
                                  1,
                                  0,
                                  List.of(new Target(place, 1, 5)),
                                  TestEntries.payload("again"),
                                  true))
                          .handle((_, e) -> e == null)
                          .join());
      assertThat(pending(place)).hasSize(2).last().isEqualTo("again");
      assertThat(afterPowerLoss()).last().isEqualTo("again");
    }
  }

  @Test
  void shouldTakeWhatThereIsRoomForOnceADiskThatWasFullAtTheStartIsNot() throws IOException {
    JournalSettings half = SMALL_SEGMENTS.withRoomPercent(50);
    folder.capacity(1_000);
    try (Journal journal = Journal.open(folder, half, listener)) {
      Place place = journal.place("a");
      assertThat(place.tryReserve(600)).isEqualTo(Reservation.JOURNAL_FULL);

      folder.capacity(100_000);

      await().until(() -> place.tryReserve(40_000) == Reservation.GRANTED);
      assertThat(place.tryReserve(20_000)).isEqualTo(Reservation.JOURNAL_FULL);
    }
  }

  @Test
  void shouldHaveTheSameRoomAfterARestartWithABacklog() throws IOException {
    JournalSettings half = SMALL_SEGMENTS.withRoomPercent(50);
    folder.capacity(100_000);
    try (Journal journal = Journal.open(folder, half, listener)) {
      written(journal, "x".repeat(40_000), journal.place("a"));
    }

    try (Journal journal = Journal.open(folder, half, listener)) {
      Place place = journal.place("a");
      assertThat(place.pendingBytes()).isGreaterThan(39_000);
      assertThat(place.tryReserve(5_000)).isEqualTo(Reservation.GRANTED);
    }
  }

  @Test
  void shouldRefuseBeforeTheFileSystemIsFull() throws IOException {
    folder.capacity(100_000);
    try (Journal journal =
        Journal.open(folder, SMALL_SEGMENTS.withFreePercent(10), JournalListener.NONE)) {
      Place place = journal.place("a");
      assertThat(place.tryReserve(95_000)).isEqualTo(Reservation.FILE_SYSTEM_FULL);
      assertThat(place.tryReserve(80_000)).isEqualTo(Reservation.GRANTED);
    }
  }

  @Test
  void shouldDeliverWhatIsThereWhenTheFolderCannotBeWrittenAndTakeMoreWhenItCan()
      throws IOException {
    try (Journal journal = open()) {
      written(journal, "there", journal.place("a"));
    }
    folder.failing((operation, _) -> operation != Operation.OPEN);

    try (Journal journal = open()) {
      Place place = journal.find("a").orElseThrow();
      assertThat(pending(place)).containsExactly("there");
      assertThatThrownBy(() -> written(journal, "refused", place))
          .hasMessageContaining("its progress");
      assertThat(progressFailures.get()).isPositive();
      folder.failing((_, _) -> false);

      await()
          .until(() -> !append(journal, entry("more", place)).handle((_, e) -> e != null).join());
      assertThat(pending(place)).containsExactly("there", "more");
    }
  }

  @Test
  void shouldSaveAcknowledgementsAsSoonAsTheyCanBeSaved() throws IOException {
    try (Journal journal = open()) {
      Place place = journal.place("a");
      Receipt receipt = written(journal, "done", place);
      written(journal, "open", place);
      folder.failing((_, name) -> name.startsWith("progress"));

      place.acknowledge(receipt);
      await().until(() -> progressFailures.get() > 0);
      written(journal, "more", place);
      folder.failing((_, _) -> false);

      await().untilAsserted(() -> assertThat(afterPowerLoss()).containsExactly("open", "more"));
    }
  }

  /** What a machine that loses its power now would deliver. */
  private List<String> afterPowerLoss() throws IOException {
    try (Journal journal =
        Journal.open(
            folder.afterPowerLoss(ForgetfulFolder.Left.NOTHING, 0),
            SMALL_SEGMENTS,
            JournalListener.NONE)) {
      return pending(journal.find("a").orElseThrow());
    }
  }

  private Journal open() throws IOException {
    return Journal.open(folder, SMALL_SEGMENTS, listener);
  }

  @Test
  void shouldGoOnWhenAListenerThrowsAnError() throws IOException {
    try (Journal journal =
        Journal.open(new ForgetfulFolder(), TestEntries.SMALL_SEGMENTS, JournalListener.NONE)) {
      Place place = journal.place("a");
      journal.append(
          TestEntries.entry("first", place),
          new AppendListener() {
            @Override
            public void written(List<Receipt> receipts) {
              throw new OutOfMemoryError("of direct memory, as Netty says it");
            }

            @Override
            public void failed(IOException cause) {}
          });

      assertThat(TestEntries.written(journal, "second", place)).isNotNull();
      assertThat(place.pendingEntries()).isEqualTo(2);
    }
  }
}
