/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import static io.caravan.journal.TestEntries.SMALL_SEGMENTS;
import static io.caravan.journal.TestEntries.pending;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.caravan.journal.ForgetfulFolder.Left;
import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The power is lost after every step of rounds in which segments are written over old ones: each
 * sector is then the old or the new one, and each name too.
 */
@Tag("slow")
@ExtendWith(NoLeaks.class)
class ReusedFilesPowerLossTest {
  private static final int ROUNDS = 4;

  /** More than a segment, in groups. */
  private static final int ENTRIES = 24;

  private record Lost(Left left, ForgetfulFolder found, Set<String> promised, Set<String> known) {}

  private final ForgetfulFolder folder = new ForgetfulFolder();

  /** Written and durable, and not acknowledged. */
  private final Set<String> promised = ConcurrentHashMap.newKeySet();

  private final Set<String> appended = ConcurrentHashMap.newKeySet();
  private final List<Lost> losses = new ArrayList<>();

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Integer.getInteger("caravan.journal.runs", 3));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void shouldKeepWhatWasPromisedAndFindNothingOfAnEarlierRound(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    AtomicInteger reused = new AtomicInteger();
    try (Journal journal = open(folder, JournalListener.NONE)) {
      Place place = journal.place("a");
      @SuppressWarnings("ModifiedButNotUsed") // what leaves it was acknowledged
      Set<Receipt> receipts = new HashSet<>();
      for (int round = 0; round < ROUNDS; round++) {
        if (round == 1) {
          folder.afterEachStep(() -> lose(random));
        }
        receipts.addAll(write(journal, place, "r" + round + "-", random));
        // A few stay, so that there is something to lose, and only some of the files go round.
        receipts.removeIf(receipt -> random.nextInt(60) > 0 && acknowledged(place, receipt));
        await().until(() -> !freeFiles().isEmpty());
        reused.addAndGet(freeFiles().size());
      }
      folder.afterEachStep(() -> {});
    }
    assertThat(reused).hasPositiveValue();
    assertThat(losses).hasSizeGreaterThan(100);
    for (Lost loss : losses) {
      check(loss);
    }
  }

  private void lose(SplittableRandom random) {
    // In this order: what is told while the picture is taken may be in it or not.
    Set<String> told = new HashSet<>(promised);
    for (Left left : Left.values()) {
      ForgetfulFolder image = folder.afterPowerLoss(left, random.nextLong());
      losses.add(new Lost(left, image, told, appended));
    }
  }

  private static void check(Lost loss) throws IOException {
    List<String> damages = new ArrayList<>();
    JournalListener listener =
        new JournalListener() {
          @Override
          public void corrupt(String segment, long offset, long bytes) {
            damages.add("%s at %d".formatted(segment, offset));
          }

          @Override
          public void lost(Place place, Receipt receipt) {
            damages.add("lost " + receipt);
          }
        };
    try (Journal journal = open(loss.found(), listener)) {
      List<String> found = pending(journal.find("a").orElseThrow());
      assertThat(found).as(loss.left().toString()).doesNotHaveDuplicates();
      assertThat(loss.known()).containsAll(found);
      assertThat(found).as(loss.left().toString()).containsAll(loss.promised());
    }
    if (loss.left() != Left.ANYTHING) {
      // With it a group may be torn so that its end is there and its begin is not.
      assertThat(damages).as(loss.left().toString()).isEmpty();
    }
  }

  private List<Receipt> write(Journal journal, Place place, String prefix, SplittableRandom random)
      throws Exception {
    ConcurrentLinkedQueue<Receipt> receipts = new ConcurrentLinkedQueue<>();
    CountDownLatch answers = new CountDownLatch(ENTRIES);
    for (int i = 0; i < ENTRIES; i++) {
      String text = prefix + i + " ".repeat(random.nextInt(400, 420));
      appended.add(text);
      journal.append(
          TestEntries.entry(text, place),
          new AppendListener() {
            @Override
            public void written(List<Receipt> written) {
              texts.put(written.getFirst().ordinal(), text);
              promised.add(text);
              receipts.addAll(written);
              answers.countDown();
            }

            @Override
            public void failed(IOException cause) {
              throw new AssertionError(cause);
            }
          });
      boolean alone = random.nextBoolean();
      while (alone && answers.getCount() > ENTRIES - 1 - i) {
        Thread.onSpinWait();
      }
    }
    answers.await();
    return List.copyOf(receipts);
  }

  private final ConcurrentHashMap<Long, String> texts = new ConcurrentHashMap<>();

  private boolean acknowledged(Place place, Receipt receipt) {
    promised.remove(texts.get(receipt.ordinal()));
    return place.acknowledge(receipt);
  }

  private List<String> freeFiles() {
    return folder.list().stream().filter(name -> name.endsWith(".free")).toList();
  }

  private static Journal open(JournalFolder in, JournalListener listener) throws IOException {
    return Journal.open(in, SMALL_SEGMENTS, listener);
  }
}
