/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import static io.caravan.journal.deadletters.TestLetters.NOON;
import static io.caravan.journal.deadletters.TestLetters.TEN_LETTERS;
import static io.caravan.journal.deadletters.TestLetters.add;
import static io.caravan.journal.deadletters.TestLetters.large;
import static io.caravan.journal.deadletters.TestLetters.letter;
import static io.caravan.journal.deadletters.TestLetters.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.caravan.journal.ForgetfulFolder;
import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes when a bound of the dead letters is reached. */
@ExtendWith(NoLeaks.class)
class DeadLetterBoundsTest {
  private final ForgetfulFolder folder = new ForgetfulFolder();
  private final GivenUp givenUp = new GivenUp();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOON);

  @Test
  void shouldDropTheOldestOfThePipelineThatIsFullAndOfNoOther() throws IOException {
    try (DeadLetters letters = open(TEN_LETTERS)) {
      add(letters, "other", large("older than all")).join();
      for (int i = 0; i < 13; i++) {
        add(letters, "full", large("letter " + i)).join();
      }

      assertThat(texts(letters, "full")).hasSize(10).startsWith("letter 3").endsWith("letter 12");
      assertThat(texts(letters, "other")).containsExactly("older than all");
      assertThat(givenUp.all()).hasSize(3).containsOnly("full refused dead_letters_full 1 1000");
    }
  }

  @Test
  void shouldDropAsManyAsALargeLetterNeeds() throws IOException {
    try (DeadLetters letters = open(TEN_LETTERS)) {
      for (int i = 0; i < 10; i++) {
        add(letters, "a", large("letter " + i)).join();
      }

      add(letters, "a", letter("x".repeat(7_000))).join();

      assertThat(letters.counts("a")).isEqualTo(new DeadLetterCounts(7, 7, 13_000));
      assertThat(givenUp.all()).hasSize(4);
    }
  }

  @Test
  void shouldKeepALetterThatIsLargerThanTheBoundAlone() throws IOException {
    try (DeadLetters letters = open(TEN_LETTERS)) {
      add(letters, "a", large("small")).join();

      add(letters, "a", letter("x".repeat(50_000))).join();
      assertThat(letters.counts("a")).isEqualTo(new DeadLetterCounts(1, 1, 50_000));

      add(letters, "a", large("small again")).join();
      assertThat(texts(letters, "a")).containsExactly("small again");
    }
  }

  @Test
  void shouldRefuseALetterForWhichAllPipelinesTogetherHaveNoRoom() throws IOException {
    try (DeadLetters letters = open(TEN_LETTERS.withProcessBytes(5_000))) {
      DeadLetter letter = letter("x".repeat(9_000));

      assertThatThrownBy(() -> add(letters, "a", letter).join())
          .hasMessageContaining("9000 bytes finds no room");

      assertThat(letter.payload().refCnt()).isZero();
      add(letters, "a", large("fits")).join();
    }
  }

  @Test
  void shouldStoreManyAtOnceThoughEachHasToMakeRoom() throws IOException {
    try (DeadLetters letters = open(TEN_LETTERS)) {
      for (int i = 0; i < 10; i++) {
        add(letters, "a", large("before " + i)).join();
      }
      List<CompletableFuture<Void>> stored = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        stored.add(add(letters, "a", large("at once " + i)));
      }

      stored.forEach(CompletableFuture::join);

      assertThat(texts(letters, "a")).hasSize(10).allMatch(text -> text.startsWith("at once"));
      assertThat(givenUp.all()).hasSize(10);
    }
  }

  @Test
  void shouldDropWhatIsTooOld() throws IOException {
    try (DeadLetters letters = open(TEN_LETTERS)) {
      add(letters, "a", letter("noon")).join();
      add(letters, "a", letter("later", NOON.plusSeconds(60))).join();
      now.set(NOON.plus(Duration.ofHours(1)).minusMillis(1));
      letters.sweep();
      assertThat(texts(letters, "a")).containsExactly("noon", "later");

      now.set(NOON.plus(Duration.ofHours(1)));
      letters.sweep();
      assertThat(texts(letters, "a")).containsExactly("later");

      now.set(NOON.plus(Duration.ofHours(2)));
      letters.sweep();
      assertThat(letters.counts()).isEmpty();
      assertThat(givenUp.all())
          .containsExactly(
              "a refused dead_letters_expired 1 4", "a refused dead_letters_expired 1 5");

      add(letters, "a", letter("new", now.get())).join();
      letters.sweep();
      assertThat(texts(letters, "a")).containsExactly("new");
    }
  }

  @Test
  void shouldDropAfterARestartWhatHasExpiredBefore() throws IOException {
    try (DeadLetters letters = open(TEN_LETTERS)) {
      add(letters, "a", letter("old")).join();
    }
    now.set(NOON.plus(Duration.ofDays(1)));

    try (DeadLetters letters = open(TEN_LETTERS)) {
      letters.sweep();

      assertThat(letters.counts()).isEmpty();
      assertThat(givenUp.all()).hasSize(1);
    }
  }

  @Test
  void shouldSweepByItself() throws IOException {
    try (DeadLetters letters = open(TEN_LETTERS)) {
      add(letters, "a", letter("of another day")).join();
    }
    try (DeadLetters letters = DeadLetters.open(folder, TEN_LETTERS, givenUp)) {
      await().until(() -> letters.counts().isEmpty());
    }
  }

  @Test
  void shouldGiveTheDiskBackWhatIsDropped() throws IOException {
    try (DeadLetters letters = open(TEN_LETTERS)) {
      for (int i = 0; i < 200; i++) {
        add(letters, "a", large("letter " + i)).join();
      }

      await()
          .untilAsserted(
              () ->
                  assertThat(folder.list().stream().filter(name -> name.endsWith(".seg")))
                      .hasSizeLessThan(8));
    }
  }

  private DeadLetters open(DeadLetterSettings settings) throws IOException {
    return TestLetters.open(folder, settings, givenUp, now::get);
  }
}
