/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.SMALL_SEGMENTS;
import static io.caravan.journal.TestEntries.entry;
import static io.caravan.journal.TestEntries.pending;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.journal.ForgetfulFolder.Left;
import io.caravan.journal.ForgetfulFolder.Operation;
import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The power is lost after every step of a run that writes, acknowledges, creates and removes; a
 * process that starts then, and loses its power again, has all that anybody was told is written.
 */
@Tag("slow")
@ExtendWith(NoLeaks.class)
class PowerLossTest {
  private static final int GENERATIONS = 3;
  private static final int ENTRIES = 40;

  /** More of them: {@code -Dcaravan.journal.runs=1000}. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Integer.getInteger("caravan.journal.runs", 4));
  }

  /** A machine that has lost its power, and what it had promised until then. */
  private record Lost(Map<Left, ForgetfulFolder> found, Promises promises) {
    void check() throws IOException {
      for (Map.Entry<Left, ForgetfulFolder> one : found.entrySet()) {
        try (Journal journal = open(one.getValue().afterPowerLoss(Left.EVERYTHING, 0))) {
          promises.check(journal, one.getKey().toString());
        }
      }
    }
  }

  /** What was told to be written and durable, and what was acknowledged, by place. */
  private static final class Promises {
    private final Set<String> appended = ConcurrentHashMap.newKeySet();
    private final Set<String> written = ConcurrentHashMap.newKeySet();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    Promises copy() {
      Promises copy = new Promises();
      copy.written.addAll(written);
      copy.appended.addAll(appended);
      copy.acknowledged.addAll(acknowledged);
      return copy;
    }

    void check(Journal journal, String as) throws IOException {
      Set<String> found = new HashSet<>();
      for (Place place : journal.places()) {
        for (String text : pending(place)) {
          assertThat(found.add(place + " " + text)).as("%s: %s twice", as, text).isTrue();
        }
        assertThat(place.pendingRecords())
            .isEqualTo(found.stream().filter(one -> one.startsWith(place + " ")).count());
      }
      assertThat(appended).as(as).containsAll(found);
      Set<String> missing = new HashSet<>(written);
      missing.removeAll(acknowledged);
      missing.removeAll(found);
      assertThat(missing).as("%s: written, not acknowledged, and not there", as).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldKeepAllThatWasToldToBeWritten(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    ForgetfulFolder folder = new ForgetfulFolder();
    Promises promises = new Promises();
    for (int generation = 0; generation < GENERATIONS; generation++) {
      List<Lost> losses = run(folder, promises, "g" + generation + "-", random.split());
      assertThat(losses).hasSizeGreaterThan(10);
      for (Lost loss : losses) {
        loss.check();
      }
      Lost next = losses.get(random.nextInt(losses.size()));
      Left left = Left.any(random);
      folder = next.found().get(left);
      assertThat(folder).isNotNull();
      promises = next.promises();
    }
  }

  private static List<Lost> run(
      ForgetfulFolder folder, Promises promises, String prefix, SplittableRandom random)
      throws Exception {
    List<Lost> losses = new ArrayList<>();
    SplittableRandom chance = random.split();
    folder.afterEachStep(
        () -> {
          // In this order: what is told while the picture is taken may be in it or not.
          Promises told = promises.copy();
          Map<Left, ForgetfulFolder> found = new EnumMap<>(Left.class);
          for (Left left : Left.values()) {
            found.put(left, folder.afterPowerLoss(left, chance.nextLong()));
          }
          told.acknowledged.addAll(promises.acknowledged);
          told.appended.addAll(promises.appended);
          losses.add(new Lost(found, told));
        });
    SplittableRandom faults = random.split();
    try (Journal journal = open(folder)) {
      folder.failing((operation, _) -> operation == Operation.SYNC && faults.nextInt(20) == 0);
      CountDownLatch answers = new CountDownLatch(ENTRIES);
      for (int i = 0; i < ENTRIES; i++) {
        if (random.nextInt(15) == 0) {
          remove(journal, "b", promises);
        }
        append(journal, prefix + i + " ".repeat(random.nextInt(600)), promises, random, answers);
        boolean alone = random.nextBoolean();
        while (alone && answers.getCount() > ENTRIES - 1 - i) {
          Thread.onSpinWait();
        }
      }
      answers.await();
      folder.afterEachStep(() -> {});
    }
    folder.failing((_, _) -> false);
    synchronized (folder) {
      return new ArrayList<>(losses);
    }
  }

  /** What was pending there is promised no more, and its return after a power loss no harm. */
  private static void remove(Journal journal, String id, Promises promises) {
    promises.appended.stream()
        .filter(one -> one.startsWith(id + " "))
        .forEach(promises.acknowledged::add);
    journal.remove(journal.place(id));
  }

  private static void append(
      Journal journal,
      String text,
      Promises promises,
      SplittableRandom random,
      CountDownLatch answers) {
    Place[] places =
        switch (random.nextInt(3)) {
          case 0 -> new Place[] {journal.place("a")};
          case 1 -> new Place[] {journal.place("b")};
          default -> new Place[] {journal.place("a"), journal.place("b")};
        };
    SplittableRandom own = random.split();
    boolean durable = own.nextInt(5) > 0;
    Entry entry = durable ? entry(text, places) : TestEntries.notDurable(entry(text, places));
    for (Place place : places) {
      promises.appended.add(place + " " + text);
    }
    journal.append(
        entry,
        new AppendListener() {
          @Override
          public void written(List<Receipt> receipts) {
            for (int i = 0; i < places.length; i++) {
              if (own.nextInt(3) > 0) {
                promises.acknowledged.add(places[i] + " " + text);
                places[i].acknowledge(receipts.get(i));
              } else if (durable) {
                promises.written.add(places[i] + " " + text);
              }
            }
            answers.countDown();
          }

          @Override
          public void failed(IOException cause) {
            answers.countDown();
          }
        });
  }

  private static Journal open(JournalFolder folder) throws IOException {
    return Journal.open(folder, SMALL_SEGMENTS, JournalListener.NONE);
  }
}
