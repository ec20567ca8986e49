/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.caravan.api.yaml.YamlNode.Scalar;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Decides what a scalar is. As {@code kubectl} does, plain {@code yes}, {@code on} and their likes
 * are booleans, and a number with a leading zero is octal.
 */
final class ScalarTypes {

  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");
  private static final Set<String> TRUES =
      Set.of("true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON");
  private static final Set<String> FALSES =
      Set.of("false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF");

  private static final Pattern DECIMAL = Pattern.compile("[-+]?(0|[1-9][0-9_]*)");
  private static final Pattern OCTAL = Pattern.compile("[-+]?0o?[0-7_]+");
  private static final Pattern HEX = Pattern.compile("[-+]?0x[0-9a-fA-F_]+");
  private static final Pattern BINARY = Pattern.compile("[-+]?0b[01_]+");
  private static final Pattern FLOAT =
      Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?");

  /** Longer digits are text: no field of a resource holds such a number, and parsing it is slow. */
  private static final int LONGEST_NUMBER = 64;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ScalarTypes() {}

  static JsonNode typed(Scalar scalar) {
    String text = scalar.text();
    String tag = scalar.tag() == null ? "" : scalar.tag();
    if (tag.endsWith(":str") || tag.equals("!") || (!scalar.plain() && tag.isEmpty())) {
      return JSON.textNode(text);
    }
    if (NULLS.contains(text)) {
      return JSON.nullNode();
    }
    if (TRUES.contains(text) || FALSES.contains(text)) {
      return JSON.booleanNode(TRUES.contains(text));
    }
    return text.length() > LONGEST_NUMBER ? JSON.textNode(text) : number(text);
  }

  private static JsonNode number(String text) {
    if (DECIMAL.matcher(text).matches()) {
      return whole(text, 10, "");
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (HEX.matcher(text).matches()) {
      return whole(lower, 16, "0x");
    }
    if (BINARY.matcher(text).matches()) {
      return whole(lower, 2, "0b");
    }
    if (OCTAL.matcher(text).matches()) {
      return whole(lower, 8, "0o");
    }
    return FLOAT.matcher(text).matches()
        ? JSON.numberNode(new BigDecimal(text).doubleValue())
        : JSON.textNode(text);
  }

  private static JsonNode whole(String text, int radix, String prefix) {
    String digits = text.replace("_", "").replaceFirst("^\\+", "").replaceFirst(prefix, "");
    if (digits.isEmpty() || digits.equals("-")) {
      return JSON.textNode(text);
    }
    BigInteger value = new BigInteger(digits, radix);
    return value.bitLength() < Long.SIZE
        ? JSON.numberNode(value.longValue())
        : JSON.numberNode(value);
  }
}
