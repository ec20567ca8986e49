/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The kinds of value that options take, beyond what picocli knows. */
final class Values {
  private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,12})([A-Za-z]*)");

  private Values() {}

  /** A TCP port; 0 for any free one. */
  static final class Port implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String value) {
      if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65_535) {
        throw new TypeConversionException(
            "'%s' is not a port; a number from 0 (any free port) to 65535 is expected"
                .formatted(value));
      }
      return Integer.valueOf(value);
    }
  }

  /** A length of time such as {@code 500ms}, {@code 5s} or {@code 2m}. */
  static final class Time implements ITypeConverter<Duration> {
    private static final Map<String, Duration> UNITS =
        Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1));

    @Override
    public Duration convert(String value) {
      Matcher matcher = QUANTITY.matcher(value);
      Duration unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
      if (unit == null || matcher.group(1).matches("0+")) {
        throw new TypeConversionException(
            "'%s' is not a length of time; a number above 0 with ms, s, m or h is expected, such as 5s"
                .formatted(value));
      }
      return unit.multipliedBy(Long.parseLong(matcher.group(1)));
    }
  }

  /** A number of bytes such as {@code 64MiB}. */
  static final class Size implements ITypeConverter<Long> {
    private static final Map<String, Long> UNITS =
        Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);

    @Override
    public Long convert(String value) {
      Matcher matcher = QUANTITY.matcher(value);
      Long unit = matcher.matches() ? UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
      if (unit == null || matcher.group(1).matches("0+")) {
        throw new TypeConversionException(
            "'%s' is not a size; a number above 0 of bytes, or with KiB, MiB or GiB, is expected, such as 64MiB"
                .formatted(value));
      }
      return unit * Long.parseLong(matcher.group(1));
    }
  }
}
