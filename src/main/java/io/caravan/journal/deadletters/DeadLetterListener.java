/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal.deadletters;

import io.caravan.journal.JournalListener;
import io.caravan.journal.Place;
import io.caravan.journal.Receipt;

/**
 * Is told which dead letters are given up, and what happens on the disk. Called from several
 * threads: thread-safe, and neither blocks nor takes long.
 */
public interface DeadLetterListener extends JournalListener {
  /** For those who do not want to know. */
  DeadLetterListener NONE = new DeadLetterListener() {};

  /** Why a letter is given up. */
  enum Cause {
    /** It was the oldest, and its pipeline's bound was reached. */
    FULL("dead_letters_full"),
    /** It was there for as long as letters are kept. */
    EXPIRED("dead_letters_expired"),
    /** Somebody wanted it. */
    PURGED("dead_letters_purged");

    private final String reason;

    Cause(String reason) {
      this.reason = reason;
    }

    /** The word for metrics. */
    public String reason() {
      return reason;
    }
  }

  /**
   * A letter is there no longer. Told once; if the process is killed at that moment perhaps not at
   * all, and if the machine loses its power soon after perhaps by the next process again.
   */
  default void dropped(Cause cause, StoredDeadLetter letter) {}

  /**
   * A letter is not what was written, so that all that is known is how much it was.
   *
   * @param bytes of its payload
   */
  default void unreadable(String pipeline, int records, long bytes) {}

  @Override
  default void lost(Place place, Receipt receipt) {
    unreadable(place.id(), receipt.records(), Envelope.payloadBytes(receipt));
  }
}
