/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.caravan.otlp.MalformedOtlpException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * Reads numbers as proto3's JSON has them: as numbers or as strings, integers also with a fraction
 * of zeros or an exponent, and all within the range of their type.
 */
final class Numbers {
  enum Sign {
    SIGNED,
    UNSIGNED
  }

  /** More digits than any 64-bit integer has: no more are computed of {@code 1e999999999}. */
  private static final int MAX_DIGITS = 40;

  /** Jackson's own bound on numbers; reading one takes the square of its length. */
  private static final int MAX_LENGTH = 1000;

  /**
   * As a time in nanoseconds has. Above 2<sup>63</sup> they come out negative, and go the long way.
   */
  private static final int MAX_LONG_DIGITS = 19;

  private static final String REAL = "a number, \"NaN\", \"Infinity\" or \"-Infinity\"";
  private static final Pattern DECIMAL = Pattern.compile("[-+0-9.eE]+");

  private Numbers() {}

  static long integer(ProtobufValues values, JsonParser json, int bits, Sign sign)
      throws IOException, MalformedOtlpException {
    if (json.currentToken() == JsonToken.VALUE_NUMBER_INT
        && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = json.getLongValue();
      long most =
          bits == 64 ? Long.MAX_VALUE : sign == Sign.SIGNED ? Integer.MAX_VALUE : 0xffffffffL;
      long least = sign == Sign.UNSIGNED ? 0 : bits == 64 ? Long.MIN_VALUE : Integer.MIN_VALUE;
      if (value < least || value > most) {
        throw values.expected(name(bits, sign));
      }
      return value;
    }
    if (json.currentToken() == JsonToken.VALUE_STRING && bits == 64) {
      long value = digits(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      if (value >= 0) {
        return value;
      }
    }
    BigInteger value = exact(values, json, name(bits, sign));
    BigInteger range = BigInteger.ONE.shiftLeft(sign == Sign.SIGNED ? bits - 1 : bits);
    BigInteger least = sign == Sign.SIGNED ? range.negate() : BigInteger.ZERO;
    if (value.compareTo(least) < 0 || value.compareTo(range) >= 0) {
      throw values.expected(name(bits, sign));
    }
    return value.longValue();
  }

  /**
   * What nearly every sender writes, without detour: digits and nothing else; negative if that is
   * not so.
   */
  private static long digits(char[] text, int offset, int length) {
    if (length == 0 || length > MAX_LONG_DIGITS) {
      return -1;
    }
    long value = 0;
    for (int i = offset; i < offset + length; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value;
  }

  private static BigInteger exact(ProtobufValues values, JsonParser json, String expected)
      throws IOException, MalformedOtlpException {
    if (!isNumber(json) && json.currentToken() != JsonToken.VALUE_STRING) {
      throw values.expected(expected);
    }
    if (json.getTextLength() > MAX_LENGTH) {
      throw values.expected(expected);
    }
    try {
      BigDecimal decimal = new BigDecimal(json.getText());
      if (decimal.signum() == 0) {
        return BigInteger.ZERO;
      }
      if ((long) decimal.precision() - decimal.scale() > MAX_DIGITS
          || decimal.scale() > MAX_DIGITS) {
        throw values.expected(expected);
      }
      return decimal.toBigIntegerExact();
    } catch (ArithmeticException | NumberFormatException e) {
      throw values.expected(expected);
    }
  }

  static double real(ProtobufValues values, JsonParser json)
      throws IOException, MalformedOtlpException {
    if (isNumber(json)) {
      return finite(values, json.getDoubleValue());
    }
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw values.expected(REAL);
    }
    String text = json.getText();
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "Infinity" -> Double.POSITIVE_INFINITY;
      case "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> real(values, text);
    };
  }

  private static double real(ProtobufValues values, String text) throws MalformedOtlpException {
    // Java's own parser also takes spaces, hexadecimal and suffixes.
    if (!DECIMAL.matcher(text).matches()) {
      throw values.expected(REAL);
    }
    try {
      return finite(values, Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw values.expected(REAL);
    }
  }

  private static double finite(ProtobufValues values, double value) throws MalformedOtlpException {
    if (Double.isInfinite(value)) {
      throw values.expected("a number that a double can hold");
    }
    return value;
  }

  private static boolean isNumber(JsonParser json) {
    return json.currentToken() == JsonToken.VALUE_NUMBER_INT
        || json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT;
  }

  private static String name(int bits, Sign sign) {
    return (sign == Sign.UNSIGNED ? "an unsigned " : "a ") + bits + "-bit integer";
  }
}
