/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.journal.DiskFolder;
import io.caravan.journal.deadletters.DeadLetterListener;
import io.caravan.journal.deadletters.DeadLetterSettings;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.journal.deadletters.StoredDeadLetter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;

/** Opens a process's dead letters, and counts those that are given up. Thread-safe. */
public final class DeadLetterHome implements DeadLetterListener {
  private static final String FOLDER = "dead-letters";

  /** The journal takes half of what the file system has left, and needs it more. */
  private static final int PART_OF_FREE_SPACE = 4;

  private final MeterRegistry meters;

  private DeadLetterHome(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * The dead letters in a data folder. Together they may take 4 GiB, or a quarter of what the file
   * system has left if that is less.
   *
   * @throws IOException if they cannot be read; the message is for people
   */
  public static DeadLetters open(Path data, MeterRegistry meters) throws IOException {
    DiskFolder folder = DiskFolder.at(data.resolve(FOLDER));
    DeadLetterSettings settings = DeadLetterSettings.DEFAULT;
    long most = Math.max(1, folder.usableSpace() / PART_OF_FREE_SPACE);
    return DeadLetters.open(
        folder,
        settings.withProcessBytes(Math.min(settings.processBytes(), most)),
        new DeadLetterHome(meters));
  }

  @Override
  public void dropped(Cause cause, StoredDeadLetter letter) {
    count(cause.reason(), letter.header().records());
  }

  @Override
  public void unreadable(String pipeline, int records, long bytes) {
    count("dead_letters_unreadable", records);
  }

  private void count(String reason, int records) {
    Counter.builder("caravan.dead.letters.dropped")
        .description("Records of dead letters that are there no longer")
        .tag("reason", reason)
        .register(meters)
        .increment(records);
  }
}
