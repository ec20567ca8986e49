/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import io.caravan.journal.Place;
import io.caravan.journal.Portion;
import io.caravan.journal.StoredRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the letters of a pipeline, the oldest first, and lets go of some. Thread-safe. */
final class Letters {
  private static final Logger LOG = LoggerFactory.getLogger(Letters.class);

  /** To have in memory at a time, if no letter has more. */
  private static final int READ_BYTES = 1 << 20;

  private final DeadLetterListener listener;

  Letters(DeadLetterListener listener) {
    this.listener = listener;
  }

  /** Looks at letters. */
  interface Visitor {
    /**
     * Looks at one.
     *
     * @param letter empty if this version cannot read what is said about it
     * @return whether to go on behind it; if not, the visit that goes on there shows it again
     */
    boolean visit(StoredRecord record, Optional<StoredDeadLetter> letter);
  }

  /**
   * Shows letters from a position on until the visitor has enough, and releases them.
   *
   * @return the position of the letter at which the visitor had enough; empty if there were no more
   */
  OptionalLong visit(Place place, long from, Visitor visitor) throws IOException {
    long end = place.end();
    for (long at = from; at < end; ) {
      Portion portion = place.read(at, READ_BYTES);
      try {
        for (StoredRecord record : portion.records()) {
          if (!visitor.visit(record, letter(place, record))) {
            return OptionalLong.of(record.position());
          }
        }
      } finally {
        portion.records().forEach(record -> record.payload().release());
      }
      at = portion.next();
    }
    return OptionalLong.empty();
  }

  /** Those that can be read from a position on, at most so many. */
  DeadLetterPage page(Place place, long from, int most) throws IOException {
    List<StoredDeadLetter> page = new ArrayList<>();
    OptionalLong next =
        visit(
            place,
            from,
            (_, letter) -> {
              if (page.size() == most) {
                return false;
              }
              letter.ifPresent(page::add);
              return true;
            });
    return new DeadLetterPage(page, next);
  }

  /**
   * A letter with its payload, which the caller releases; empty if it is not there or unreadable.
   */
  static Optional<DeadLetter> read(Place place, long position) throws IOException {
    Optional<StoredRecord> record = place.find(position);
    if (record.isEmpty()) {
      return Optional.empty();
    }
    Optional<DeadLetter> letter =
        letter(place, record.get())
            .map(said -> new DeadLetter(said.header(), record.get().payload()));
    if (letter.isEmpty()) {
      record.get().payload().release();
    }
    return letter;
  }

  /** How much a place has. While letters are being written, their bytes may count already. */
  static DeadLetterCounts counts(Place place) {
    long letters = place.pendingEntries();
    long bytes = place.pendingBytes() - letters * Envelope.BYTES_OF_A_LETTER;
    return new DeadLetterCounts(letters, place.pendingRecords(), Math.max(0, bytes));
  }

  /**
   * What is said about a letter, whose payload then begins behind it; empty if this version cannot
   * read that.
   */
  static Optional<StoredDeadLetter> letter(Place place, StoredRecord record) {
    try {
      return Optional.of(
          new StoredDeadLetter(
              new DeadLetterId(place.id(), record.position()),
              Envelope.read(record),
              Envelope.payloadBytes(record.receipt())));
    } catch (IOException e) {
      LOG.warn(
          "event=dead_letter_unreadable pipeline={} position={} records={} reason=\"{}\"",
          place.id(),
          record.position(),
          record.records(),
          e.getMessage());
      return Optional.empty();
    }
  }

  /** Lets go of a letter; false if somebody else has done so before. */
  boolean drop(
      Place place,
      StoredRecord record,
      Optional<StoredDeadLetter> letter,
      DeadLetterListener.Cause cause) {
    if (!place.acknowledge(record.receipt())) {
      return false;
    }
    letter.ifPresentOrElse(
        readable -> listener.dropped(cause, readable),
        () -> listener.lost(place, record.receipt()));
    return true;
  }
}
