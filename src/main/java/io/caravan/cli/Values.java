/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

import io.caravan.api.schema.GoDuration;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The kinds of value that options take, beyond what picocli knows. */
final class Values {
  private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,12})([A-Za-z]*)");

  private Values() {}

  /** One of the words that an enumeration's constants are printed as, in any case. */
  static <E extends Enum<E>> ITypeConverter<E> wordOf(Class<E> type) {
    E[] allowed = type.getEnumConstants();
    return value ->
        Arrays.stream(allowed)
            .filter(word -> word.toString().equalsIgnoreCase(value))
            .findFirst()
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "'%s' is not one of %s"
                            .formatted(
                                value,
                                Arrays.stream(allowed)
                                    .map(Enum::toString)
                                    .collect(Collectors.joining(", ")))));
  }

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

    /** Far beyond all use, and far below where timers overflow. */
    private static final Duration LONGEST = Duration.ofHours(24);

    @Override
    public Duration convert(String value) {
      Matcher matcher = QUANTITY.matcher(value);
      Duration unit = matcher.matches() ? UNITS.get(matcher.group(2)) : null;
      Duration time =
          unit == null ? Duration.ZERO : unit.multipliedBy(Long.parseLong(matcher.group(1)));
      if (!time.isPositive() || time.compareTo(LONGEST) > 0) {
        throw new TypeConversionException(
            "'%s' is not a length of time; a number above 0 with ms, s, m or h is expected, at most 24h, such as 5s"
                .formatted(value));
      }
      return time;
    }
  }

  /** A moment: a time of RFC 3339, or a length of time before now. */
  static final class Moment implements ITypeConverter<Instant> {
    @Override
    public Instant convert(String value) {
      try {
        return OffsetDateTime.parse(value).toInstant();
      } catch (DateTimeParseException notRfc3339) {
        Optional<Duration> ago = GoDuration.parse(value).filter(Duration::isPositive);
        return Instant.now()
            .minus(
                ago.orElseThrow(
                    () ->
                        new TypeConversionException(
                            "'%s' is not a time; one like 2026-11-21T08:00:00Z, or how long ago, like 90m or 36h, is expected"
                                .formatted(value))));
      }
    }
  }

  /** A number of bytes such as {@code 64MiB}. */
  static final class Size implements ITypeConverter<Long> {
    private static final Map<String, Long> UNITS =
        Map.of("", 1L, "b", 1L, "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30);

    private static final long LARGEST = 1L << 40;

    @Override
    public Long convert(String value) {
      Matcher matcher = QUANTITY.matcher(value);
      Long unit = matcher.matches() ? UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
      long number = unit == null ? 0 : Long.parseLong(matcher.group(1));
      if (unit == null || number == 0 || number > LARGEST / unit) {
        throw new TypeConversionException(
            "'%s' is not a size; a number above 0 of bytes, or with KiB, MiB or GiB, is expected, at most 1024GiB, such as 64MiB"
                .formatted(value));
      }
      return unit * number;
    }
  }
}
