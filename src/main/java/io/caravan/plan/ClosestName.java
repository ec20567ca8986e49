/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what a user may have meant. */
final class ClosestName {
  private ClosestName() {}

  /** {@code (did you mean 'http-sink'?)} with a space before it, or an empty text. */
  static String hint(String found, Collection<String> allowed) {
    return of(found, allowed).map(" (did you mean '%s'?)"::formatted).orElse("");
  }

  /** The name with the fewest edits, if they are at most a third of its letters. */
  static Optional<String> of(String found, Collection<String> allowed) {
    String wanted = found.toLowerCase(Locale.ROOT);
    return allowed.stream()
        .sorted()
        .filter(name -> edits(wanted, name) <= Math.max(1, name.length() / 3))
        .min(Comparator.comparingInt(name -> edits(wanted, name)));
  }

  /** The edit distance of Levenshtein; only the case of the candidate is passed over. */
  private static int edits(String left, String right) {
    String candidate = right.toLowerCase(Locale.ROOT);
    int[] previous = new int[candidate.length() + 1];
    for (int j = 0; j < previous.length; j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      int[] current = new int[previous.length];
      current[0] = i;
      for (int j = 1; j < current.length; j++) {
        int substituted = left.charAt(i - 1) == candidate.charAt(j - 1) ? 0 : 1;
        current[j] =
            Math.min(Math.min(current[j - 1] + 1, previous[j] + 1), previous[j - 1] + substituted);
      }
      previous = current;
    }
    return previous[candidate.length()];
  }
}
