/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.journal.JournalFolder;
import io.caravan.journal.JournalSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Dead letters for tests, and what becomes of them. */
final class TestLetters {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  /** Ten letters of 1,000 bytes, for an hour. */
  static final DeadLetterSettings TEN_LETTERS =
      new DeadLetterSettings(10 * (1_000 + 1_280), Duration.ofHours(1), 1 << 30);

  private TestLetters() {}

  static DeadLetters open(JournalFolder folder, DeadLetterListener listener, InstantSource clock)
      throws IOException {
    return open(folder, TEN_LETTERS, listener, clock);
  }

  static DeadLetters open(
      JournalFolder folder,
      DeadLetterSettings settings,
      DeadLetterListener listener,
      InstantSource clock)
      throws IOException {
    JournalSettings bounds =
        JournalSettings.of(settings.processBytes()).withSegmentBytes(4 << 10).withFreePercent(0);
    return DeadLetters.open(folder, settings, bounds, listener, clock);
  }

  /** A letter of one record, which was put aside at noon. */
  static DeadLetter letter(String text) {
    return letter(text, NOON);
  }

  static DeadLetter letter(String text, Instant buried) {
    return new DeadLetter(
        new DeadLetterHeader(
            "refused", "INVALID_ARGUMENT", "no", NOON, buried, (byte) 3, (byte) 2, 1),
        payload(text));
  }

  /** A letter whose payload has 1,000 bytes, which begin with the text. */
  static DeadLetter large(String text) {
    return letter(text + " ".repeat(1_000 - text.length()));
  }

  static ByteBuf payload(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length + 1).writeBytes(bytes);
  }

  /** Completes when the letter is stored, and fails if it is not. */
  static CompletableFuture<Void> add(DeadLetters letters, String pipeline, DeadLetter letter) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    letters.add(pipeline, letter, cause -> answer(answer, cause));
    return answer;
  }

  private static void answer(CompletableFuture<Void> answer, @Nullable IOException cause) {
    boolean first = cause == null ? answer.complete(null) : answer.completeExceptionally(cause);
    if (!first) {
      throw new IllegalStateException("told twice");
    }
  }

  static List<StoredDeadLetter> all(DeadLetters letters, String pipeline) throws IOException {
    DeadLetterPage page = letters.list(pipeline, 3);
    List<StoredDeadLetter> all = new ArrayList<>(page.letters());
    for (OptionalLong next = page.next(); next.isPresent(); next = page.next()) {
      page = letters.list(pipeline, next.getAsLong(), 3);
      all.addAll(page.letters());
    }
    return all;
  }

  /** The payloads of all letters, the oldest first, without white space at the end. */
  static List<String> texts(DeadLetters letters, String pipeline) throws IOException {
    List<String> texts = new ArrayList<>();
    for (StoredDeadLetter stored : all(letters, pipeline)) {
      texts.add(text(letters.read(stored.id()).orElseThrow()));
    }
    return texts;
  }

  static String text(DeadLetter letter) {
    try {
      return letter.payload().toString(UTF_8).strip();
    } finally {
      letter.payload().release();
    }
  }
}
