/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A pipeline's totals of one source. Thread-safe. */
final class SourceBook {
  private record Key(Account account, String reason) {}

  private final Source source;
  private final BookMeters meters;
  private final Tally queued = new Tally();
  private final Map<Key, Tally> lines = new ConcurrentHashMap<>();

  SourceBook(Source source, BookMeters meters) {
    this.source = source;
    this.meters = meters;
    meters.queued(source, queued);
  }

  Tally queued() {
    return queued;
  }

  Tally line(Account account, String reason) {
    Key key = new Key(account, reason);
    Tally tally = lines.get(key);
    return tally == null ? lines.computeIfAbsent(key, this::open) : tally;
  }

  private Tally open(Key key) {
    Tally tally = new Tally();
    meters.counted(source, key.account, key.reason, tally);
    return tally;
  }

  Balance balance() {
    Amount accepted = Amount.NONE;
    Amount created = Amount.NONE;
    Amount delivered = Amount.NONE;
    Amount dropped = Amount.NONE;
    Amount deadLettered = Amount.NONE;
    for (Map.Entry<Key, Tally> line : lines.entrySet()) {
      Amount sum = line.getValue().sum();
      switch (line.getKey().account) {
        case ACCEPTED -> accepted = accepted.plus(sum);
        case CREATED -> created = created.plus(sum);
        case DELIVERED -> delivered = delivered.plus(sum);
        case DROPPED -> dropped = dropped.plus(sum);
        case DEAD_LETTERED -> deadLettered = deadLettered.plus(sum);
        case DEAD_LETTER_DROPPED -> deadLettered = deadLettered.minus(sum);
      }
    }
    return new Balance(accepted, created, delivered, queued.sum(), dropped, deadLettered);
  }

  /** What was ever posted, in order; without what is queued. */
  List<Line> lines() {
    List<Line> all = new ArrayList<>();
    lines.forEach((key, tally) -> all.add(new Line(source, key.account, key.reason, tally.sum())));
    all.removeIf(line -> line.amount().isNone());
    all.sort(null);
    return all;
  }
}
