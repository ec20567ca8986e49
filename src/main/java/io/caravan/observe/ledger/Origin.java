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

  /** As in metrics: {@code live}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
