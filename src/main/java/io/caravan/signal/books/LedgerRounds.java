/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.books;

import io.caravan.api.PipelineId;
import io.caravan.observe.ledger.Ledger;
import io.caravan.observe.ledger.LedgerCheck;
import io.caravan.observe.ledger.RetiredBooks;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the ledger check itself every minute, and close the books of pipelines that are gone. */
public final class LedgerRounds {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.ledger");
  private static final Duration EVERY = Duration.ofMinutes(1);

  private final Ledger ledger;
  private final LedgerCheck check;
  private final RetiredBooks retired;
  private final Supplier<Set<PipelineId>> planned;
  private final BiConsumer<Runnable, Duration> later;

  /**
   * @param planned the pipelines that there are, without their uids
   * @param later runs a task after a time
   */
  public LedgerRounds(
      MeterRegistry registry,
      Supplier<Set<PipelineId>> planned,
      BiConsumer<Runnable, Duration> later) {
    this.ledger = new Ledger(registry);
    this.check = new LedgerCheck(ledger, registry);
    this.retired = new RetiredBooks(ledger);
    this.planned = planned;
    this.later = later;
  }

  public Ledger ledger() {
    return ledger;
  }

  public LedgerCheck check() {
    return check;
  }

  /** Begins the first round. */
  public void begin() {
    later.accept(this::round, EVERY);
  }

  private void round() {
    try {
      check.run();
      retired.look(planned.get(), System.nanoTime());
    } catch (RuntimeException e) { // or there would be no other round
      LOG.error("event=ledger_check_failed", e);
    } finally {
      begin();
    }
  }
}
