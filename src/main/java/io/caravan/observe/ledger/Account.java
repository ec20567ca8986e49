/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.util.Locale;

/** What may happen to records, each counted for itself. The order is part of the format on disk. */
public enum Account {
  /** The pipeline took them. */
  ACCEPTED,
  /** They were made of others on the way, as by an aggregation. */
  CREATED,
  /** The backend has them. */
  DELIVERED,
  /** They were given up. */
  DROPPED,
  /** The backend refused them for good, and they were put aside. */
  DEAD_LETTERED,
  /** They were put aside and then dropped, and so are counted there as well as here. */
  DEAD_LETTER_DROPPED;

  /** What it is on disk, in every version of the program: new ones go to the end. */
  @SuppressWarnings("EnumOrdinal") // the order is the format
  public byte code() {
    return (byte) ordinal();
  }

  /** How many there are; their codes are below it. */
  static int count() {
    return values().length;
  }

  /** The one of a code below {@link #count}. */
  @SuppressWarnings("EnumOrdinal") // the order is the format
  static Account of(int code) {
    return values()[code];
  }

  /** As in metrics: {@code dead_lettered}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
