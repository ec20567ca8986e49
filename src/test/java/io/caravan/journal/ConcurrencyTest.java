/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.SMALL_SEGMENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Many who append, read, acknowledge, create and remove at the same time. */
@ExtendWith(NoLeaks.class)
class ConcurrencyTest {
  private static final int APPENDERS = 8;
  private static final int EACH = 300;
  private static final int READERS = 3;

  @TempDir Path folder;

  @Test
  void shouldGiveEveryReaderEveryEntryOnceAndInTheOrderOfItsSender() throws Exception {
    try (Journal journal =
            Journal.open(DiskFolder.at(folder), SMALL_SEGMENTS, JournalListener.NONE);
        ExecutorService threads = Executors.newCachedThreadPool()) {
      Place[] places =
          IntStream.range(0, READERS).mapToObj(i -> journal.place("p" + i)).toArray(Place[]::new);
      List<Future<List<String>>> readers = new ArrayList<>();
      for (Place place : places) {
        readers.add(threads.submit(() -> readAll(place)));
      }
      AtomicBoolean over = new AtomicBoolean();
      Future<?> churn = threads.submit((Callable<Void>) () -> createAndRemove(journal, over));
      List<Future<?>> appenders = new ArrayList<>();
      for (int i = 0; i < APPENDERS; i++) {
        String sender = "s" + i + " ";
        appenders.add(threads.submit(() -> appendAll(journal, sender, places)));
      }
      for (Future<?> appender : appenders) {
        appender.get();
      }
      for (Future<List<String>> reader : readers) {
        List<String> read = reader.get();
        assertThat(read).hasSize(APPENDERS * EACH).doesNotHaveDuplicates();
        for (int i = 0; i < APPENDERS; i++) {
          String sender = "s" + i + " ";
          assertThat(read.stream().filter(text -> text.startsWith(sender)))
              .isEqualTo(IntStream.range(0, EACH).mapToObj(n -> sender + n).toList());
        }
      }
      over.set(true);
      churn.get();
      for (Place place : places) {
        assertThat(place.pendingRecords()).isZero();
        assertThat(place.pendingBytes()).isZero();
      }
      await().until(() -> journal.segments() <= 1);
    }
  }

  private static void appendAll(Journal journal, String sender, Place[] places) {
    List<Future<?>> answers = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      answers.add(TestEntries.append(journal, TestEntries.entry(sender + i, places)));
    }
    answers.forEach(answer -> assertThat(answer).succeedsWithin(Duration.ofMinutes(1)));
  }

  private static List<String> readAll(Place place) throws IOException {
    List<String> texts = new ArrayList<>();
    long at = place.oldest();
    while (texts.size() < APPENDERS * EACH) {
      Portion portion = place.read(at, 1000);
      for (StoredRecord record : portion.records()) {
        texts.add(TestEntries.text(record));
        assertThat(place.acknowledge(record.receipt())).isTrue();
      }
      at = portion.next();
    }
    return texts;
  }

  private static Void createAndRemove(Journal journal, AtomicBoolean over) throws IOException {
    while (!over.get()) {
      Place place = journal.place("short-lived");
      TestEntries.written(journal, "gone soon", place);
      assertThat(TestEntries.pending(place)).containsExactly("gone soon");
      journal.remove(place);
    }
    return null;
  }
}
