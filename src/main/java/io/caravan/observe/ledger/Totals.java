/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was ever posted of records that one holder has held, to be saved with what it holds, so that
 * another process goes on where this one ends. What is queued is not in it: whoever still holds it
 * posts it again. Not thread-safe.
 *
 * <p>As bytes: the version, 1; the number of lines; and for each the code of its source, the number
 * of its account, its reason, its records and its bytes. Numbers are written as in Protobuf, seven
 * bits a byte, the lowest first; a text is its length and its UTF-8.
 */
public final class Totals {
  private record Key(Source source, Account account, String reason) {}

  private static final class Sum {
    private long records;
    private long bytes;
  }

  private final Map<Key, Sum> sums = new HashMap<>();

  /**
   * Goes on with totals that were saved.
   *
   * @throws IllegalArgumentException if the bytes are not what {@link #encode} gives, or are of a
   *     later version
   */
  public static Totals decode(byte[] bytes) {
    Totals totals = new Totals();
    new TotalsDecoder(bytes).lines().forEach(totals::add);
    return totals;
  }

  public byte[] encode() {
    return TotalsEncoder.encode(lines());
  }

  /** All lines, in order. */
  public List<Line> lines() {
    List<Line> lines = new ArrayList<>(sums.size());
    sums.forEach(
        (key, sum) ->
            lines.add(
                new Line(key.source, key.account, key.reason, new Amount(sum.records, sum.bytes))));
    lines.sort(null);
    return lines;
  }

  /** What of a source was taken and has not come to an end: what should be queued. */
  public Amount open(Source source) {
    Amount open = Amount.NONE;
    for (Line line : lines()) {
      if (line.source().equals(source)) {
        open =
            switch (line.account()) {
              case ACCEPTED, CREATED, DEAD_LETTER_DROPPED -> open.plus(line.amount());
              case DELIVERED, DROPPED, DEAD_LETTERED -> open.minus(line.amount());
            };
      }
    }
    return open;
  }

  public void accepted(Source source, Amount amount) {
    add(source, Account.ACCEPTED, "", amount);
  }

  public void delivered(Source source, Amount amount) {
    add(source, Account.DELIVERED, "", amount);
  }

  public void dropped(Source source, String reason, Amount amount) {
    add(source, Account.DROPPED, reason, amount);
  }

  public void deadLettered(Source source, String reason, Amount amount) {
    add(source, Account.DEAD_LETTERED, reason, amount);
  }

  /** See {@link PipelineBook#deadLettersDropped}. */
  public void deadLettersDropped(
      Source source, String deadLettered, String dropped, Amount amount) {
    add(source, Account.DEAD_LETTER_DROPPED, deadLettered, amount);
    dropped(source, dropped, amount);
  }

  private void add(Line line) {
    add(line.source(), line.account(), line.reason(), line.amount());
  }

  private void add(Source source, Account account, String reason, Amount amount) {
    Sum sum = sums.computeIfAbsent(new Key(source, account, reason), _ -> new Sum());
    sum.records += amount.records();
    sum.bytes += amount.bytes();
  }
}
