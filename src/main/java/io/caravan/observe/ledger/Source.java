/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.observe.ledger;

import java.util.Comparator;

/** Where records of a pipeline came from. Each source has a balance of its own. */
public record Source(Input input, Origin origin) implements Comparable<Source> {

  private static final int ORIGINS = Origin.values().length;

  /** What senders push. */
  public static final Source OTLP = new Source(Input.OTLP, Origin.LIVE);

  /** How many sources there are; their codes are below it. */
  static final int COUNT = Input.values().length * Origin.values().length;

  private static final Source[] BY_CODE = byCode();

  private static final Comparator<Source> ORDER =
      Comparator.comparing(Source::input).thenComparing(Source::origin);

  /** A number from 0 to 255 that means this source in every version of the program. */
  public int code() {
    return input.code() * ORIGINS + origin.code();
  }

  /**
   * The source of a code.
   *
   * @throws IllegalArgumentException if this version has no such source
   */
  public static Source of(int code) {
    if (code < 0 || code >= COUNT) {
      throw new IllegalArgumentException(
          "source %d: this version knows 0 to %d".formatted(code, COUNT - 1));
    }
    return BY_CODE[code];
  }

  private static Source[] byCode() {
    Source[] sources = new Source[COUNT];
    for (Input input : Input.values()) {
      for (Origin origin : Origin.values()) {
        Source source = new Source(input, origin);
        sources[source.code()] = source;
      }
    }
    return sources;
  }

  @Override
  public int compareTo(Source other) {
    return ORDER.compare(this, other);
  }
}
