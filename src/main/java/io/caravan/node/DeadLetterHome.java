/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.api.PipelineId;
import io.caravan.journal.DiskFolder;
import io.caravan.journal.deadletters.DeadLetterHeader;
import io.caravan.journal.deadletters.DeadLetterListener;
import io.caravan.journal.deadletters.DeadLetterSettings;
import io.caravan.journal.deadletters.DeadLetters;
import io.caravan.journal.deadletters.StoredDeadLetter;
import io.caravan.observe.ledger.Amount;
import io.caravan.observe.ledger.Source;
import io.caravan.signal.books.DroppedLetters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens a process's dead letters, and counts those that are given up. Thread-safe. */
public final class DeadLetterHome implements DeadLetterListener {
  static final String FOLDER = "dead-letters";
  private static final String EXPIRED = "expired";
  private static final String UNREADABLE = "dead_letters_unreadable";

  private final MeterRegistry meters;

  // Guarded by this.
  private final Map<Key, Amount> untold = new HashMap<>();
  private @Nullable Consumer<DroppedLetters> ledger;

  private record Key(String pipeline, int origin, String deadLettered, String dropped) {
    Optional<DroppedLetters> of(Amount amount) {
      return PipelineId.ofPlace(pipeline)
          .map(id -> new DroppedLetters(id, Source.of(origin), deadLettered, dropped, amount));
    }
  }

  public DeadLetterHome(MeterRegistry meters) {
    this.meters = meters;
  }

  /**
   * The dead letters in a data folder. Together they may take 4 GiB, or a quarter of what the file
   * system has left beside them if that is less.
   *
   * @throws IOException if they cannot be read; the message is for people
   */
  public DeadLetters open(Path data) throws IOException {
    DiskFolder folder = DiskFolder.at(data.resolve(FOLDER));
    return DeadLetters.open(folder, DeadLetterSettings.DEFAULT, this);
  }

  /** Tells the ledger what was given up until now, and from now on. */
  public synchronized void tell(Consumer<DroppedLetters> told) {
    ledger = told;
    untold.forEach((key, amount) -> key.of(amount).ifPresent(told));
    untold.clear();
  }

  private synchronized void post(Key key, Amount amount) {
    Consumer<DroppedLetters> told = ledger;
    if (told == null) {
      untold.merge(key, amount, Amount::plus);
    } else {
      key.of(amount).ifPresent(told);
    }
  }

  @Override
  public void dropped(Cause cause, StoredDeadLetter letter) {
    DeadLetterHeader header = letter.header();
    count(cause.reason(), header.records());
    post(
        new Key(
            letter.id().pipeline(),
            Byte.toUnsignedInt(header.origin()),
            header.reason().equals(EXPIRED) ? EXPIRED : header.code().toLowerCase(Locale.ROOT),
            cause.reason()),
        new Amount(header.records(), letter.bytes()));
  }

  @Override
  public void unreadable(String pipeline, int records, long bytes) {
    count(UNREADABLE, records);
    post(new Key(pipeline, Source.OTLP.code(), "unknown", UNREADABLE), new Amount(records, bytes));
  }

  private void count(String reason, int records) {
    Counter.builder("caravan.dead.letters.dropped")
        .description("Records of dead letters that are there no longer")
        .tag("reason", reason)
        .register(meters)
        .increment(records);
  }
}
