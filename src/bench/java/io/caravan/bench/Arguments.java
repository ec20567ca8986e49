/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A command line of {@code --name=value}. */
final class Arguments {

  private final Map<String, String> given = new HashMap<>();
  private final Set<String> known = new HashSet<>();

  Arguments(String... arguments) {
    for (String argument : arguments) {
      String[] parts = argument.split("=", 2);
      if (!parts[0].startsWith("--") || parts.length < 2) {
        throw new IllegalArgumentException("expected --name=value, found " + argument);
      }
      given.put(parts[0].substring(2), parts[1]);
    }
  }

  Optional<String> text(String name) {
    known.add(name);
    return Optional.ofNullable(given.get(name));
  }

  String text(String name, String otherwise) {
    return text(name).orElse(otherwise);
  }

  int number(String name, int otherwise) {
    String value = text(name, Integer.toString(otherwise));
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--" + name + " is a whole number, not " + value, e);
    }
  }

  /** Complains of a name that nobody has asked for. */
  void refuseUnknown() {
    Set<String> unknown = new HashSet<>(given.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown options " + unknown + "; there are " + known.stream().sorted().toList());
    }
  }
}
