/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.util.Locale;

/** What becomes of the backlog when a node is closed. */
public enum AtStop {
  /** It stays in the data folder, for the next process. */
  KEEP,
  /** It is delivered first, as far as that goes within the drain timeout; new data is refused. */
  DELIVER;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
