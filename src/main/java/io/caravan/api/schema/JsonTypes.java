/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;

/** How messages speak of values. */
final class JsonTypes {

  private static final int SHORT = 60;

  private JsonTypes() {}

  /**
   * The type's name in a schema; a number with a zero fraction is an integer, as in JSON schema.
   */
  static String nameOf(JsonNode node) {
    JsonNodeType type = node.getNodeType();
    return switch (type) {
      case OBJECT, POJO -> "object";
      case ARRAY -> "array";
      case STRING, BINARY -> "string";
      case BOOLEAN -> "boolean";
      case NUMBER -> isWhole(node) ? "integer" : "number";
      case NULL, MISSING -> "null";
    };
  }

  /** Text that is safe to print on one line. */
  static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= SHORT ? line : line.substring(0, SHORT) + "...";
  }

  private static boolean isWhole(JsonNode node) {
    return node.isIntegralNumber() || node.asDouble() == Math.rint(node.asDouble());
  }
}
