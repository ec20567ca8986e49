/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Finds the word that somebody probably meant. */
public final class DidYouMean {

  /** Longer words are not compared: nobody mistypes that much, and the cost is quadratic. */
  private static final int LONGEST = 128;

  private DidYouMean() {}

  /** The nearest of the words, where the case or about a third of the letters differ at most. */
  public static Optional<String> nearest(String found, Collection<String> words) {
    if (found.length() > LONGEST) {
      return Optional.empty();
    }
    return words.stream()
        .filter(word -> distance(found, word) <= Math.max(1, word.length() / 3))
        .min(
            Comparator.comparingInt((String word) -> distance(found, word))
                .thenComparing(word -> word));
  }

  /** {@code ; did you mean 'endpoint'?}, or nothing. */
  public static String hint(String found, Collection<String> words) {
    return nearest(found, words).map("; did you mean '%s'?"::formatted).orElse("");
  }

  /** Levenshtein's distance with swapped neighbours as one edit, regardless of case. */
  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] beforeLast = new int[b.length() + 1];
    int[] last = IntStream.rangeClosed(0, b.length()).toArray();
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + change);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[b.length()];
  }
}
