/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives up the oldest letters where a bound is reached. Used by one thread at a time. */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private final Journal journal;
  private final Letters letters;
  private final Duration age;
  private final InstantSource clock;

  /** When the oldest letter of a pipeline expires, or an older one has; absent if unknown. */
  private final Map<String, Instant> due = new HashMap<>();

  Retention(Journal journal, Letters letters, Duration age, InstantSource clock) {
    this.journal = journal;
    this.letters = letters;
    this.age = age;
    this.clock = clock;
  }

  /**
   * Drops the oldest letters of a pipeline until they have freed so many bytes.
   *
   * @return whether any was dropped
   */
  boolean makeRoom(Place place, long bytes) throws IOException {
    long[] freed = {0};
    letters.visit(
        place,
        place.oldest(),
        (record, letter) -> {
          if (freed[0] >= bytes) {
            return false;
          }
          if (letters.drop(place, record, letter, DeadLetterListener.Cause.FULL)) {
            freed[0] += record.receipt().bytes();
          }
          return true;
        });
    return freed[0] > 0;
  }

  /** Drops what is too old. Where that cannot be read now, it is tried again with the next call. */
  void expire() {
    Instant now = clock.instant();
    for (Place place : journal.places()) {
      if (place.pendingEntries() == 0) {
        due.remove(place.id());
      } else if (!due.getOrDefault(place.id(), Instant.MIN).isAfter(now)) {
        try {
          expire(place, now);
        } catch (IOException e) {
          LOG.warn(
              "event=dead_letters_unreadable pipeline={} error=\"{}\" action=\"tried again\"",
              place.id(),
              e.toString());
        }
      }
    }
  }

  private void expire(Place place, Instant now) throws IOException {
    due.remove(place.id());
    letters.visit(
        place,
        place.oldest(),
        (record, letter) -> {
          Instant end = Instant.ofEpochMilli(record.time()).plus(age);
          if (end.isAfter(now)) {
            due.put(place.id(), end);
            return false;
          }
          letters.drop(place, record, letter, DeadLetterListener.Cause.EXPIRED);
          return true;
        });
  }
}
