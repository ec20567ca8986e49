/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import static io.caravan.journal.deadletters.TestLetters.NOON;
import static io.caravan.journal.deadletters.TestLetters.add;
import static io.caravan.journal.deadletters.TestLetters.all;
import static io.caravan.journal.deadletters.TestLetters.large;
import static io.caravan.journal.deadletters.TestLetters.letter;
import static io.caravan.journal.deadletters.TestLetters.texts;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.caravan.journal.ForgetfulFolder;
import io.caravan.journal.ForgetfulFolder.Left;
import io.caravan.journal.ForgetfulFolder.Operation;
import io.caravan.otlp.NoLeaks;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Dead letters after restarts, after a power loss, and on a disk that fails. */
@ExtendWith(NoLeaks.class)
class DeadLetterDurabilityTest {
  private final ForgetfulFolder folder = new ForgetfulFolder();
  private final GivenUp givenUp = new GivenUp();

  @Test
  void shouldHaveTheSameLettersAfterARestart() throws IOException {
    List<StoredDeadLetter> before;
    try (DeadLetters letters = open(folder)) {
      for (int i = 0; i < 9; i++) {
        add(letters, "a", large("letter " + i)).join();
      }
      letters.remove(all(letters, "a").get(4).id());
      before = all(letters, "a");
    }

    try (DeadLetters letters = open(folder)) {
      assertThat(all(letters, "a")).hasSize(8).isEqualTo(before);
      assertThat(letters.counts("a")).isEqualTo(new DeadLetterCounts(8, 8, 8_000));
      for (int i = 9; i < 12; i++) {
        add(letters, "a", large("letter " + i)).join();
      }
      assertThat(texts(letters, "a")).hasSize(10).startsWith("letter 1").endsWith("letter 11");
    }
  }

  @Test
  void shouldLoseNoStoredLetterWhenThePowerIsLostAtAnyStep() throws IOException {
    List<String> stored = Collections.synchronizedList(new ArrayList<>());
    List<ForgetfulFolder> images = new ArrayList<>();
    List<List<String>> promised = new ArrayList<>();
    folder.afterEachStep(
        () -> {
          for (Left left : Left.values()) {
            promised.add(List.copyOf(stored));
            images.add(folder.afterPowerLoss(left, images.size()));
          }
        });
    try (DeadLetters letters = open(folder)) {
      for (int i = 0; i < 8; i++) {
        String text = "letter " + i;
        add(letters, "a", large(text)).join();
        stored.add(text);
      }
    }
    folder.afterEachStep(() -> {});

    assertThat(images).hasSizeGreaterThan(30);
    for (int i = 0; i < images.size(); i++) {
      try (DeadLetters letters = open(images.get(i))) {
        assertThat(texts(letters, "a")).as("image %d", i).containsAll(promised.get(i));
      }
    }
  }

  @Test
  void shouldCutATornTail() throws IOException {
    try (DeadLetters letters = open(folder)) {
      add(letters, "a", letter("whole")).join();
      add(letters, "a", letter("torn")).join();
      String segment =
          folder.list().stream().filter(name -> name.endsWith(".seg")).findFirst().orElseThrow();
      ForgetfulFolder killed = folder.afterPowerLoss(Left.EVERYTHING, 0);
      byte[] bytes = killed.bytes(segment);
      killed.put(segment, Arrays.copyOf(bytes, bytes.length - 10));

      try (DeadLetters after = open(killed)) {
        assertThat(texts(after, "a")).containsExactly("whole");
        add(after, "a", letter("more")).join();
        assertThat(texts(after, "a")).containsExactly("whole", "more");
      }
    }
  }

  @Test
  void shouldTellHowMuchACorruptLetterWas() throws IOException {
    try (DeadLetters letters = open(folder)) {
      add(letters, "a", letter("damaged")).join();
      add(letters, "a", letter("whole")).join();
      String segment =
          folder.list().stream().filter(name -> name.endsWith(".seg")).findFirst().orElseThrow();
      byte[] bytes = folder.bytes(segment).clone();
      bytes[new String(bytes, ISO_8859_1).indexOf("damaged")]++;
      folder.put(segment, bytes);

      assertThat(texts(letters, "a")).containsExactly("whole");
      assertThat(letters.counts("a")).isEqualTo(new DeadLetterCounts(1, 1, 5));
      assertThat(givenUp.all()).containsExactly("a unreadable 1 7");
    }
  }

  @Test
  void shouldSayThatALetterIsNotStoredWhenTheDiskFailsAndRecoverByItself() throws IOException {
    try (DeadLetters letters = open(folder)) {
      add(letters, "a", letter("before")).join();
      folder.failing((operation, name) -> operation == Operation.SYNC && name.endsWith(".seg"));
      DeadLetter refused = letter("refused");

      assertThatThrownBy(() -> add(letters, "a", refused).join())
          .hasMessageContaining("Input/output error");
      await().until(() -> refused.payload().refCnt() == 0);
      assertThat(letters.counts("a")).isEqualTo(new DeadLetterCounts(1, 1, 6));

      folder.failing((_, _) -> false);
      await()
          .until(
              () -> !add(letters, "a", letter("after")).handle((_, cause) -> cause != null).join());
      assertThat(texts(letters, "a")).containsExactly("before", "after");
    }
  }

  @Test
  void shouldKeepWhatIsThereWhenTheFileSystemIsFull() throws IOException {
    folder.capacity(20_000);
    try (DeadLetters letters = open(folder)) {
      add(letters, "a", large("before")).join();
      DeadLetter large = letter("x".repeat(20_000));

      assertThatThrownBy(() -> add(letters, "a", large).join()).hasMessageContaining("no room");

      assertThat(large.payload().refCnt()).isZero();
      assertThat(texts(letters, "a")).containsExactly("before");
      assertThat(givenUp.all()).isEmpty();
    }
  }

  @Test
  void shouldSayWhyNoRoomCanBeMadeWhenTheDiskCannotBeRead() throws IOException {
    try (DeadLetters letters = open(folder)) {
      for (int i = 0; i < 10; i++) {
        add(letters, "a", large("letter " + i)).join();
      }
      folder.failing((operation, _) -> operation == Operation.OPEN);

      assertThatThrownBy(() -> add(letters, "a", large("refused")).join())
          .hasMessageContaining("Input/output error");

      folder.failing((_, _) -> false);
      add(letters, "a", large("after")).join();
      assertThat(texts(letters, "a")).hasSize(10).endsWith("after");
    }
  }

  private DeadLetters open(ForgetfulFolder on) throws IOException {
    return TestLetters.open(on, givenUp, InstantSource.fixed(NOON));
  }
}
