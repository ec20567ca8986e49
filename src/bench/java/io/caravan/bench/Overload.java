/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * An overload: twice the records a second that a system can carry, whatever it answers.
 *
 * @param bottleneck what cannot carry more
 */
record Overload(Bottleneck bottleneck, List<SystemUnderTest> systems) {

  /** Twice what is limited. */
  static final int FACTOR = 2;

  /** Records a second that a slow backend acknowledges. */
  static final int SLOW_RECORDS_PER_SECOND = 20_000;

  /** Where the bound is. */
  enum Bottleneck {
    /** The backend is fast: it is the machine that cannot carry more. */
    FAST,
    /** The backend acknowledges {@link #SLOW_RECORDS_PER_SECOND}. */
    SLOW
  }

  static List<Overload> parse(String names, List<SystemUnderTest> systems) {
    List<Overload> overloads = new ArrayList<>();
    for (String name : names.split(",", -1)) {
      if (!name.isBlank()) {
        overloads.add(new Overload(bottleneck(name.strip()), systems));
      }
    }
    return overloads;
  }

  private static Bottleneck bottleneck(String name) {
    return Stream.of(Bottleneck.values())
        .filter(bottleneck -> bottleneck.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("--overloads are fast and slow, not " + name));
  }
}
