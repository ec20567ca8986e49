/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.util.Comparator;

/**
 * One line of a book: all that has ever been posted to an account.
 *
 * @param reason a word for metrics; empty for accounts that need none
 */
public record Line(Source source, Account account, String reason, Amount amount)
    implements Comparable<Line> {

  private static final Comparator<Line> ORDER =
      Comparator.comparing(Line::source)
          .thenComparing(Line::account)
          .thenComparing(Line::reason)
          .thenComparing(Line::amount, Comparator.comparingLong(Amount::records))
          .thenComparing(Line::amount, Comparator.comparingLong(Amount::bytes));

  @Override
  public int compareTo(Line other) {
    return ORDER.compare(this, other);
  }
}
