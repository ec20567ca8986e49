/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import io.caravan.api.PipelineId;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for records that are not accounted for: each run tells what is new in the log, and puts all
 * of it into {@code caravan_ledger_difference_records} and {@code ..._bytes}, which are 0 as long
 * as all is well. Runs are not to overlap; the results may be read by any thread.
 */
public final class LedgerCheck implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.ledger");

  private record Key(PipelineId pipeline, Source source) {}

  private final Ledger ledger;
  private volatile List<Difference> differences = List.of();

  public LedgerCheck(Ledger ledger, MeterRegistry registry) {
    this.ledger = ledger;
    Gauge.builder("caravan.ledger.difference.records", this, LedgerCheck::records)
        .description("Records that the last self-check found unaccounted for, of all pipelines")
        .register(registry);
    Gauge.builder("caravan.ledger.difference.bytes", this, LedgerCheck::bytes)
        .description("Bytes that the last self-check found unaccounted for, of all pipelines")
        .register(registry);
  }

  /** What the last run found; empty is as it should be. */
  public List<Difference> differences() {
    return differences;
  }

  @Override
  public void run() {
    Map<Key, Amount> before = byKey(differences);
    List<Difference> found = ledger.check();
    differences = found;
    for (Difference difference : found) {
      // A difference that stays is told once: it will not go away by itself.
      if (!difference.amount().equals(before.get(key(difference)))) {
        LOG.error(
            "event=ledger_difference pipeline={} input={} origin={} records={} bytes={}"
                + " action=\"records were lost or counted twice; please report it\"",
            difference.pipeline(),
            difference.source().input(),
            difference.source().origin(),
            difference.amount().records(),
            difference.amount().bytes());
      }
    }
  }

  /** Without signs, so that what one pipeline lacks is not made up for by another. */
  private double records() {
    return (double) differences.stream().mapToLong(one -> Math.abs(one.amount().records())).sum();
  }

  private double bytes() {
    return (double) differences.stream().mapToLong(one -> Math.abs(one.amount().bytes())).sum();
  }

  private static Map<Key, Amount> byKey(List<Difference> differences) {
    return differences.stream().collect(Collectors.toMap(LedgerCheck::key, Difference::amount));
  }

  private static Key key(Difference difference) {
    return new Key(difference.pipeline(), difference.source());
  }
}
