/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.journal.Journal;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.signal.Adoption;
import io.caravan.signal.Subscriptions;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The data folder of a node that has ended, while another moves what is in it. Of one thread. */
public final class AdoptedFolder implements AutoCloseable {
  private final Path data;
  private final Journal journal;
  private final Adoption adoption;

  private AdoptedFolder(Path data, Journal journal, Adoption adoption) {
    this.data = data;
    this.journal = journal;
    this.adoption = adoption;
  }

  static AdoptedFolder open(Path data, Subscriptions subscriptions, Runnable planAgain)
      throws IOException {
    // Its own meters: those of this process are its own journal's.
    Journal journal = JournalHome.open(data, new CompositeMeterRegistry());
    return new AdoptedFolder(data, journal, subscriptions.adoption(journal, planAgain));
  }

  /** See {@link Adoption#move}. */
  public boolean move() throws IOException {
    return adoption.move();
  }

  /** Whether nothing is left to deliver. */
  public boolean isDelivered() {
    return adoption.isDone();
  }

  /**
   * Whether there is nothing else that somebody may ask for: dead letters, and what was delivered
   * and is kept.
   */
  public boolean isEmpty() throws IOException {
    if (journal.places().stream().anyMatch(place -> journal.retained().bytes(place) > 0)) {
      return false;
    }
    if (!Files.isDirectory(data.resolve(DeadLetterHome.FOLDER))) {
      return true;
    }
    try (DeadLetters letters = new DeadLetterHome(new CompositeMeterRegistry()).open(data)) {
      return letters.counts().isEmpty();
    }
  }

  @Override
  public void close() {
    adoption.end();
    journal.close();
  }
}
