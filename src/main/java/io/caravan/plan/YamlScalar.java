/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.regex.Pattern;

/** Writes a text as a YAML scalar in the form that is easiest to read and means the same to all. */
final class YamlScalar {
  /** Begins with a letter or a slash, and holds nothing that YAML could take for its own. */
  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z/](?:[\\w./@+,()-]|:(?=[^ ])| (?=[^ #]))*(?<!:)");

  /** What YAML 1.1 reads as something else than text. */
  private static final Pattern WORD = Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null");

  private static final Pattern LINES =
      Pattern.compile("[\\x21-\\x7e][\\x20-\\x7e]*(?:\\n[\\x20-\\x7e]+)+\\n?");

  private YamlScalar() {}

  /** On one line, in quotes: for values that a program reads. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        default -> {
          if (Character.isISOControl(c) || Character.isSurrogate(c)) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /** Without quotes where that is safe, and line by line where there are several. */
  static String readable(String text, int indent) {
    if (PLAIN.matcher(text).matches() && !WORD.matcher(text).matches()) {
      return text;
    }
    if (LINES.matcher(text).matches()) {
      return (text.endsWith("\n") ? "|\n" : "|-\n") + text.indent(indent).stripTrailing();
    }
    return quoted(text);
  }
}
