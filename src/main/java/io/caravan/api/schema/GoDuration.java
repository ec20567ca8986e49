/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as Go and Kubernetes write them: {@code 30s}, {@code 1m}, {@code 1h30m}, {@code 1.5s}.
 */
public final class GoDuration {

  private static final Pattern PART =
      Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
  private static final Pattern WHOLE = Pattern.compile("[-+]?(0|(" + PART.pattern() + ")+)");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "μs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  /** Go's durations are 64-bit nanoseconds, about 292 years; the text of one is far shorter. */
  private static final int LONGEST = 100;

  private GoDuration() {}

  /**
   * The shortest form without fractions but of seconds: {@code 24h}, {@code 1h30m}, {@code 0.5s}.
   */
  public static String format(Duration duration) {
    StringBuilder text = new StringBuilder(duration.isNegative() ? "-" : "");
    Duration length = duration.abs();
    if (length.toHours() > 0) {
      text.append(length.toHours()).append('h');
    }
    if (length.toMinutesPart() > 0) {
      text.append(length.toMinutesPart()).append('m');
    }
    BigDecimal seconds =
        BigDecimal.valueOf(length.toSecondsPart())
            .add(BigDecimal.valueOf(length.toNanosPart(), 9))
            .stripTrailingZeros();
    if (seconds.signum() > 0 || length.isZero()) {
      text.append(seconds.toPlainString()).append('s');
    }
    return text.toString();
  }

  /** Empty where the text is not a duration or is out of Go's range. */
  public static Optional<Duration> parse(String text) {
    if (text.length() > LONGEST || !WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher parts = PART.matcher(text);
    while (parts.find()) {
      long unit = NANOS.getOrDefault(parts.group(2), 0L);
      nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(BigDecimal.valueOf(unit)));
    }
    if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
      return Optional.empty();
    }
    return Optional.of(
        Duration.ofNanos(text.startsWith("-") ? -nanos.longValue() : nanos.longValue()));
  }
}
