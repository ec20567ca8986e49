/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.Locale;

/** How much is sent to a system. */
sealed interface OfferedLoad {

  /** Its name in the table. */
  String title();

  /** The generator's command for it. */
  String command();

  /**
   * As much as the system takes.
   *
   * @param inFlight requests in flight on each connection
   */
  record Saturation(int inFlight) implements OfferedLoad {
    @Override
    public String title() {
      return "saturation";
    }

    @Override
    public String command() {
      return "saturate " + inFlight;
    }
  }

  /**
   * Evenly spaced requests, whatever the system does.
   *
   * @param spansPerSecond spans a second, at least 1
   */
  record FixedRate(int spansPerSecond) implements OfferedLoad {
    @Override
    public String title() {
      return String.format(Locale.ROOT, "%,d/s", spansPerSecond);
    }

    @Override
    public String command() {
      return "rate " + spansPerSecond;
    }
  }
}
