/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The schema of one property of a Kamelet: what Kamelets use of JSON schema.
 *
 * @param defaultValue as text
 * @param allowed the values of {@code enum} as text; empty if any value is allowed
 * @param pattern is to be found in the value
 */
record KameletProperty(
    Type type,
    Sensitivity sensitivity,
    Optional<String> defaultValue,
    List<String> allowed,
    Optional<Pattern> pattern) {

  /** The types of JSON schema; objects and arrays reach a Kamelet as text. */
  enum Type {
    STRING("a string"),
    INTEGER("an integer"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    OBJECT("an object"),
    ARRAY("an array");

    private final String expected;

    Type(String expected) {
      this.expected = expected;
    }
  }

  /** Whether the schema says {@code format: password}. */
  enum Sensitivity {
    PLAIN,
    SECRET
  }

  KameletProperty {
    allowed = List.copyOf(allowed);
  }

  /** The value in the form in which it travels. */
  PlanValue classify(PlanValue value) {
    return sensitivity == Sensitivity.SECRET ? new PlanValue.Secret(value.text()) : value;
  }

  /** What is wrong with a value, without the value; empty if nothing is. */
  Optional<String> problem(String text) {
    if (!hasType(text)) {
      return Optional.of("is not " + type.expected);
    }
    if (!allowed.isEmpty() && !allowed.contains(text)) {
      return Optional.of("is not one of " + String.join(", ", allowed));
    }
    return pattern
        .filter(regex -> !regex.matcher(text).find())
        .map(regex -> "does not match " + regex);
  }

  private boolean hasType(String text) {
    return switch (type) {
      case STRING, OBJECT, ARRAY -> true;
      case BOOLEAN -> text.equals("true") || text.equals("false");
      case INTEGER -> text.matches("[+-]?[0-9]+");
      case NUMBER -> isNumber(text);
    };
  }

  private static boolean isNumber(String text) {
    try {
      new BigDecimal(text);
      return true;
    } catch (NumberFormatException _) {
      return false;
    }
  }
}
