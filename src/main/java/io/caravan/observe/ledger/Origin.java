/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.util.Locale;

/** Whether records are new. The order is part of the format on disk. */
public enum Origin {
  /** They have just come in. */
  LIVE,
  /** They were taken before, and somebody has asked for them again. */
  REPLAY;

  /** What it is on disk, in every version of the program: new ones go to the end. */
  @SuppressWarnings("EnumOrdinal") // the order is the format
  public byte code() {
    return (byte) ordinal();
  }

  /** As in metrics: {@code live}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
