/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Values as text for people, in which nothing controls the terminal that shows it. */
final class AnyValueText {
  private AnyValueText() {}

  /** An {@code AnyValue} of OTLP/JSON, not escaped yet. */
  static String of(JsonNode value) {
    if (value.has("arrayValue")) {
      List<String> elements = new ArrayList<>();
      value.path("arrayValue").path("values").forEach(element -> elements.add(of(element)));
      return elements.toString();
    }
    if (value.has("kvlistValue")) {
      List<String> entries = new ArrayList<>();
      value
          .path("kvlistValue")
          .path("values")
          .forEach(
              entry -> entries.add(entry.path("key").asText() + "=" + of(entry.path("value"))));
      return "{" + String.join(", ", entries) + "}";
    }
    for (JsonNode scalar : value) {
      return scalar.asText();
    }
    return "";
  }

  /** Escaped, and between quotes if it would otherwise not be one word. */
  static String quoted(String text) {
    boolean word = !text.isEmpty() && text.chars().noneMatch(c -> c == ' ' || c == '"' || c == '=');
    return word ? escaped(text) : '"' + escaped(text.replace("\"", "\\\"")) + '"';
  }

  /**
   * Without characters that end a line or control a terminal: those of Unicode's categories Cc, Cf
   * (which turns the direction of text), Zl and Zp are written as escapes.
   */
  static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> {
          if (controls(c)) {
            escaped.append(String.format("\\u%04x", (int) c));
          } else {
            escaped.append(c);
          }
        }
      }
    }
    return escaped.toString();
  }

  private static boolean controls(char c) {
    int type = Character.getType(c);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
