/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amounts of bytes as Kubernetes writes quantities: {@code 1Gi}, {@code 500Mi}, {@code 10M}, {@code
 * 1.5G}, {@code 1e9}, {@code 4096}.
 *
 * <p>As there, a fraction of a byte is rounded up and no amount is more than 2^63-1. Signs, and the
 * suffixes for fractions ({@code m}, {@code u}, {@code n}), which mean no number of bytes, are
 * refused.
 */
public final class ByteQuantity {

  private static final String NUMBER = "(\\d+(?:\\.\\d*)?|\\.\\d+)";
  private static final Pattern WHOLE =
      Pattern.compile(NUMBER + "(?:([KMGTPE])i|([kMGTPE])|[eE](\\d{1,2}))?");
  private static final Pattern LIKELY =
      Pattern.compile(NUMBER + "\\s*([kmgtpe])(i?)b?", Pattern.CASE_INSENSITIVE);
  private static final String PREFIXES = "KMGTPE";
  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  /** Nobody writes more digits; the cost of more is quadratic. */
  private static final int LONGEST = 64;

  private ByteQuantity() {}

  /** The number of bytes; empty where the text is no such amount. */
  public static OptionalLong parse(String text) {
    Matcher parts = WHOLE.matcher(text);
    if (text.length() > LONGEST || !parts.matches()) {
      return OptionalLong.empty();
    }
    BigInteger bytes =
        new BigDecimal(parts.group(1))
            .multiply(unit(parts))
            .setScale(0, RoundingMode.CEILING)
            .toBigInteger();
    return OptionalLong.of(bytes.min(MOST).longValue());
  }

  /** The shortest exact form, with a binary suffix rather than a decimal one: {@code 1Gi}. */
  public static String format(long bytes) {
    return shortest(bytes, 1024, List.of("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"))
        .or(() -> shortest(bytes, 1000, List.of("k", "M", "G", "T", "P", "E")))
        .orElseGet(() -> Long.toString(bytes));
  }

  /** {@code ; did you mean '1Gi'?} for {@code 1GiB}, or nothing. */
  static String hint(String text) {
    Matcher likely = LIKELY.matcher(text.strip());
    if (text.length() > LONGEST || !likely.matches()) {
      return "";
    }
    String prefix = likely.group(2).toUpperCase(Locale.ROOT);
    boolean binary = !likely.group(3).isEmpty();
    String suffix = binary ? prefix + "i" : prefix.equals("K") ? "k" : prefix;
    String meant = likely.group(1) + suffix;
    return parse(meant).orElse(0) == 0 ? "" : "; did you mean '%s'?".formatted(meant);
  }

  private static BigDecimal unit(Matcher parts) {
    if (parts.group(2) != null) {
      return BigDecimal.valueOf(1024).pow(PREFIXES.indexOf(parts.group(2)) + 1);
    }
    if (parts.group(3) != null) {
      return BigDecimal.valueOf(1000)
          .pow(PREFIXES.indexOf(parts.group(3).toUpperCase(Locale.ROOT)) + 1);
    }
    return parts.group(4) == null
        ? BigDecimal.ONE
        : BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(parts.group(4)));
  }

  private static Optional<String> shortest(long bytes, long base, List<String> suffixes) {
    long rest = bytes;
    int power = 0;
    while (rest > 0 && rest % base == 0) {
      rest /= base;
      power++;
    }
    return power == 0 ? Optional.empty() : Optional.of(rest + suffixes.get(power - 1));
  }
}
