/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** How much is sent to a system. */
sealed interface OfferedLoad {

  /** Its name in the table. */
  String title();

  /** The generator's command for it. */
  String command();

  /**
   * Reads loads that are each {@code saturation} or records a second.
   *
   * @param saturation what stands for the former
   */
  static List<OfferedLoad> parse(String[] loads, Saturation saturation) {
    return Stream.of(loads)
        .<OfferedLoad>map(
            load -> load.equals("saturation") ? saturation : new FixedRate(Integer.parseInt(load)))
        .toList();
  }

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
   * @param recordsPerSecond records a second, at least 1
   */
  record FixedRate(int recordsPerSecond) implements OfferedLoad {
    @Override
    public String title() {
      return String.format(Locale.ROOT, "%,d/s", recordsPerSecond);
    }

    @Override
    public String command() {
      return "rate " + recordsPerSecond;
    }
  }

  /**
   * Evenly spaced requests, of which those are never sent that are due while too many wait for an
   * answer.
   *
   * @param recordsPerSecond records a second, at least 1
   */
  record Offered(int recordsPerSecond) implements OfferedLoad {
    @Override
    public String title() {
      return String.format(Locale.ROOT, "%,d/s offered", recordsPerSecond);
    }

    @Override
    public String command() {
      return "offer " + recordsPerSecond;
    }
  }
}
