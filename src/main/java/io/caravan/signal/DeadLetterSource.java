/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.journal.deadletters.DeadLetter;
import io.caravan.journal.deadletters.DeadLetterId;
import io.caravan.journal.deadletters.DeadLetterPage;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The dead letters of a pipeline, the oldest first, or some of them; each is removed when the
 * backlog has it. What is refused meanwhile is a new letter, and is not sent again.
 */
final class DeadLetterSource implements ReplaySource {
  private static final int PAGE = 256;

  private final DeadLetters letters;
  private final String pipeline;
  private final Signal signal;
  private final Deque<DeadLetterId> ids = new ArrayDeque<>();
  private final long end;
  private final OptionalLong records;
  private OptionalLong nextPage;

  private DeadLetterSource(
      DeadLetters letters,
      String pipeline,
      Signal signal,
      OptionalLong nextPage,
      OptionalLong records) {
    this.records = records;
    this.letters = letters;
    this.pipeline = pipeline;
    this.signal = signal;
    this.nextPage = nextPage;
    this.end = letters.end(pipeline);
  }

  /** All that are there now. */
  static DeadLetterSource all(DeadLetters letters, String pipeline, Signal signal) {
    return new DeadLetterSource(
        letters,
        pipeline,
        signal,
        OptionalLong.of(letters.oldest(pipeline)),
        OptionalLong.of(letters.counts(pipeline).records()));
  }

  static DeadLetterSource some(
      DeadLetters letters, String pipeline, Signal signal, Collection<DeadLetterId> some) {
    DeadLetterSource source =
        new DeadLetterSource(letters, pipeline, signal, OptionalLong.empty(), OptionalLong.empty());
    some.stream().sorted().forEach(source.ids::add);
    return source;
  }

  @Override
  public OptionalLong records() {
    return records;
  }

  @Override
  public Optional<Item> next() throws IOException {
    while (ids.isEmpty() && nextPage.isPresent()) {
      turnPage(nextPage.getAsLong());
    }
    DeadLetterId id = ids.poll();
    return id == null ? Optional.empty() : Optional.of(item(id));
  }

  private void turnPage(long from) throws IOException {
    DeadLetterPage page = letters.list(pipeline, from, PAGE);
    page.letters().stream()
        .map(letter -> letter.id())
        .filter(id -> id.position() < end)
        .forEach(ids::add);
    OptionalLong next = page.next();
    nextPage = next.isPresent() && next.getAsLong() < end ? next : OptionalLong.empty();
  }

  private Item item(DeadLetterId id) throws IOException {
    Optional<DeadLetter> letter = letters.read(id);
    if (letter.isEmpty()) {
      return new LeftOut("%s is there no longer, or this version cannot read it".formatted(id));
    }
    if (letter.get().header().signal() != signal.code()) {
      letter.get().payload().release();
      return new LeftOut("%s is not of %s".formatted(id, signal.lowerName()));
    }
    try {
      return new Again(
          OtlpBatch.of(signal, letter.get().payload()),
          () -> {
            boolean _ = letters.remove(id);
          });
    } catch (MalformedOtlpException e) {
      return new LeftOut("%s is no request of OTLP: %s".formatted(id, e.getMessage()));
    }
  }
}
