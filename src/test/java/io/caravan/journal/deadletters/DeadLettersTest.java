/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import static io.caravan.journal.deadletters.TestLetters.NOON;
import static io.caravan.journal.deadletters.TestLetters.add;
import static io.caravan.journal.deadletters.TestLetters.all;
import static io.caravan.journal.deadletters.TestLetters.letter;
import static io.caravan.journal.deadletters.TestLetters.text;
import static io.caravan.journal.deadletters.TestLetters.texts;
import static java.time.temporal.ChronoUnit.MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.caravan.journal.DiskFolder;
import io.caravan.otlp.NoLeaks;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters on a real file system. */
@ExtendWith(NoLeaks.class)
class DeadLettersTest {
  private static final String DEMO = "tracepipeline/demo";

  private static final DeadLetterHeader SAID =
      new DeadLetterHeader(
          "refused", "", "", Instant.EPOCH, Instant.EPOCH.plusSeconds(1), (byte) 0, (byte) 0, 1);

  @TempDir private Path folder = Path.of("");
  private final GivenUp givenUp = new GivenUp();
  private DeadLetters letters;

  @BeforeEach
  void open() throws IOException {
    letters = DeadLetters.open(DiskFolder.at(folder), DeadLetterSettings.DEFAULT, givenUp);
  }

  @AfterEach
  void close() {
    letters.close();
  }

  @Test
  void shouldKeepAllThatIsSaidOfALetter() throws IOException {
    Instant buried = Instant.now().truncatedTo(MILLIS);
    DeadLetterHeader header =
        new DeadLetterHeader(
            "too_large", "RESOURCE_EXHAUSTED", "größer", NOON, buried, (byte) -1, (byte) 3, 70_000);

    add(letters, DEMO, new DeadLetter(header, TestLetters.payload("payload"))).join();

    StoredDeadLetter stored = all(letters, DEMO).getFirst();
    assertThat(stored.header()).isEqualTo(header);
    assertThat(stored.bytes()).isEqualTo(7);
    DeadLetter read = letters.read(stored.id()).orElseThrow();
    assertThat(read.header()).isEqualTo(header);
    assertThat(text(read)).isEqualTo("payload");
  }

  @Test
  void shouldTakeAPayloadOfSeveralPartsFromWhereItsReaderStands() throws IOException {
    ByteBuf parts =
        Unpooled.wrappedBuffer(TestLetters.payload("not this"), TestLetters.payload(" but this"))
            .skipBytes(9);

    add(letters, DEMO, new DeadLetter(SAID, parts)).join();

    await().until(() -> parts.refCnt() == 0); // the letter's, when whoever waits was told
    assertThat(texts(letters, DEMO)).containsExactly("but this");
  }

  @Test
  void shouldListThePipelinesThatHaveLetters() throws IOException {
    add(letters, DEMO, now("one")).join();
    add(letters, DEMO, now("three")).join();
    add(letters, "logpipeline/other", now("x")).join();

    assertThat(letters.counts())
        .containsOnlyKeys("logpipeline/other", DEMO)
        .containsEntry(DEMO, new DeadLetterCounts(2, 2, 8));
    assertThat(letters.counts(DEMO)).isEqualTo(new DeadLetterCounts(2, 2, 8));
    assertThat(letters.counts("logpipeline/none")).isEqualTo(DeadLetterCounts.NONE);
  }

  @Test
  void shouldListPageByPageTheOldestFirst() throws IOException {
    for (int i = 0; i < 8; i++) {
      add(letters, DEMO, now("letter " + i)).join();
    }

    DeadLetterPage first = letters.list(DEMO, 5);
    DeadLetterPage second = letters.list(DEMO, first.next().orElseThrow(), 5);

    assertThat(first.letters()).hasSize(5);
    assertThat(second.letters()).hasSize(3);
    assertThat(second.next()).isEmpty();
    assertThat(letters.list(DEMO, 8).next()).isEmpty();
    assertThat(texts(letters, DEMO)).first().isEqualTo("letter 0");
    assertThat(letters.list("logpipeline/none", 5).letters()).isEmpty();
  }

  @Test
  void shouldRemoveOneLetterOnceAndTellNobody() throws IOException {
    add(letters, DEMO, now("one")).join();
    add(letters, DEMO, now("two")).join();
    DeadLetterId id = all(letters, DEMO).getFirst().id();

    assertThat(letters.remove(id)).isTrue();

    assertThat(letters.remove(id)).isFalse();
    assertThat(letters.read(id)).isEmpty();
    assertThat(texts(letters, DEMO)).containsExactly("two");
    assertThat(givenUp.all()).isEmpty();
  }

  @Test
  void shouldPurgeOnePipelineAndTellOfEachLetter() throws IOException {
    add(letters, DEMO, now("one")).join();
    add(letters, DEMO, now("three")).join();
    add(letters, "logpipeline/other", now("x")).join();

    assertThat(letters.purge(DEMO)).isEqualTo(new DeadLetterCounts(2, 2, 8));

    assertThat(letters.counts()).containsOnlyKeys("logpipeline/other");
    assertThat(letters.purge(DEMO)).isEqualTo(DeadLetterCounts.NONE);
    assertThat(letters.purge("logpipeline/none")).isEqualTo(DeadLetterCounts.NONE);
    assertThat(givenUp.all())
        .containsExactly(
            DEMO + " refused dead_letters_purged 1 3", DEMO + " refused dead_letters_purged 1 5");
  }

  @Test
  void shouldFindNothingWhereNoLetterBegins() throws IOException {
    add(letters, DEMO, now("one")).join();
    add(letters, DEMO, now("two")).join();
    DeadLetterId id = all(letters, DEMO).get(1).id();

    for (long offset = -64; offset <= 64; offset++) {
      if (offset != 0) {
        assertThat(letters.remove(new DeadLetterId(DEMO, id.position() + offset)))
            .as("%d bytes beside", offset)
            .isFalse();
      }
    }
    assertThat(letters.read(new DeadLetterId(DEMO, Long.MAX_VALUE))).isEmpty();
    assertThat(letters.read(new DeadLetterId(DEMO, 0))).isEmpty();
    assertThat(letters.read(new DeadLetterId("logpipeline/other", id.position()))).isEmpty();

    assertThat(texts(letters, DEMO)).containsExactly("one", "two");
    assertThat(DiskFolder.existing(folder).list())
        .as("nothing is taken for damaged")
        .noneMatch(name -> name.startsWith("corrupt"));
  }

  @Test
  void shouldReadTheTextOfAnId() throws IOException {
    add(letters, DEMO, now("one")).join();
    DeadLetterId id = all(letters, DEMO).getFirst().id();

    assertThat(DeadLetterId.parse(id.toString())).contains(id);
    assertThat(id.toString()).startsWith(DEMO + "@");
    assertThat(DeadLetterId.parse("no id")).isEmpty();
    assertThat(DeadLetterId.parse("@12")).isEmpty();
    assertThat(DeadLetterId.parse("a@ffffffffffffffff")).isEmpty();
  }

  @Test
  void shouldCutAMessageThatIsTooLongBetweenCharacters() {
    DeadLetterHeader header =
        new DeadLetterHeader(
            "refused", "C".repeat(99), "x" + "ü".repeat(600), NOON, NOON, (byte) 0, (byte) 0, 1);

    assertThat(header.message()).isEqualTo("x" + "ü".repeat(511));
    assertThat(header.code()).hasSize(64);
  }

  @Test
  void shouldRefuseAReasonThatIsNoWord() {
    assertThatThrownBy(
            () -> new DeadLetterHeader("No way!", "", "", NOON, NOON, (byte) 0, (byte) 0, 1))
        .hasMessageContaining("No way!");
  }

  @Test
  void shouldFailWhatIsAddedWhenItIsClosed() {
    letters.close();
    DeadLetter late = now("late");

    assertThatThrownBy(() -> add(letters, DEMO, late).join())
        .hasCauseInstanceOf(ClosedChannelException.class);
    assertThat(late.payload().refCnt()).isZero();
  }

  private static DeadLetter now(String text) {
    return letter(text, Instant.now());
  }
}
