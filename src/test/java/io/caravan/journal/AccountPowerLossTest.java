/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.SMALL_SEGMENTS;
import static io.caravan.journal.TestEntries.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.journal.ForgetfulFolder.Left;
import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The process is killed, or the power is lost, after every step of a run that writes, acknowledges
 * and destroys segments: whoever starts then can tell of every record whether it came and whether
 * it ended.
 */
@Tag("slow")
@ExtendWith(NoLeaks.class)
class AccountPowerLossTest {
  private static final int GENERATIONS = 3;
  private static final int ENTRIES = 120;

  /** More of them: {@code -Dcaravan.journal.runs=1000}. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Integer.getInteger("caravan.journal.runs", 4));
  }

  /**
   * What was left at a moment.
   *
   * @param told how many records somebody had been told to be written until then
   */
  private record Lost(Map<Left, ForgetfulFolder> found, long told) {
    void check(AtomicLong appended) throws IOException {
      for (Map.Entry<Left, ForgetfulFolder> one : found.entrySet()) {
        try (Journal journal = open(one.getValue().afterPowerLoss(Left.EVERYTHING, 0))) {
          Place place = journal.place("a");
          CountingAccount account = CountingAccount.of(place);
          assertThat(account.missing()).as("missing: %s", one.getKey()).isZero();
          assertThat(account.came()).as("%s", one.getKey()).isBetween(told, appended.get());
          assertThat(account.came() - account.ended()).isEqualTo(place.pendingRecords());
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldAccountForEveryRecordWhereverItIsCutOff(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    ForgetfulFolder folder = new ForgetfulFolder();
    long told = 0;
    AtomicLong appended = new AtomicLong();
    for (int generation = 0; generation < GENERATIONS; generation++) {
      List<Lost> losses = run(folder, told, appended, random.split());
      assertThat(losses).hasSizeGreaterThan(10);
      for (Lost loss : losses) {
        loss.check(appended);
      }
      Lost next = losses.get(random.nextInt(losses.size()));
      folder = next.found().get(Left.any(random));
      assertThat(folder).isNotNull();
      told = next.told();
    }
  }

  private static List<Lost> run(
      ForgetfulFolder folder, long toldBefore, AtomicLong appended, SplittableRandom random)
      throws Exception {
    List<Lost> losses = new ArrayList<>();
    SplittableRandom chance = random.split();
    AtomicLong told = new AtomicLong(toldBefore);
    folder.afterEachStep(
        () -> {
          long until = told.get();
          Map<Left, ForgetfulFolder> found = new EnumMap<>(Left.class);
          for (Left left : Left.values()) {
            found.put(left, folder.afterPowerLoss(left, chance.nextLong()));
          }
          losses.add(new Lost(found, until));
        });
    try (Journal journal = open(folder)) {
      Place place = journal.place("a");
      CountingAccount.of(place);
      for (StoredRecord left : TestEntries.records(place)) {
        left.payload().release();
        place.acknowledge(left.receipt());
      }
      SplittableRandom fate = random.split();
      Queue<Receipt> late = new ConcurrentLinkedQueue<>();
      CountDownLatch answers = new CountDownLatch(ENTRIES);
      for (int i = 0; i < ENTRIES; i++) {
        appended.incrementAndGet();
        journal.append(
            entry(i + " ".repeat(random.nextInt(800)), place),
            new AppendListener() {
              @Override
              public void written(List<Receipt> receipts) {
                told.incrementAndGet();
                if (fate.nextInt(20) > 0) {
                  place.acknowledge(receipts.getFirst());
                } else {
                  late.add(receipts.getFirst());
                }
                answers.countDown();
              }

              @Override
              public void failed(IOException cause) {
                answers.countDown();
              }
            });
        if (i == ENTRIES / 2) {
          // Some segments were written again for the sake of a few records, and now go as well.
          long open = (long) ENTRIES - 1 - i;
          await().until(() -> answers.getCount() <= open + 1);
          late.forEach(place::acknowledge);
          await().until(() -> journal.segments() <= 2);
        }
        if (random.nextInt(4) == 0) {
          int wait = ENTRIES - 1 - i;
          while (answers.getCount() > wait) {
            Thread.onSpinWait();
          }
        }
      }
      answers.await();
    }
    folder.afterEachStep(() -> {});
    synchronized (folder) {
      return new ArrayList<>(losses);
    }
  }

  private static Journal open(JournalFolder folder) throws IOException {
    return Journal.open(folder, SMALL_SEGMENTS, JournalListener.NONE);
  }
}
