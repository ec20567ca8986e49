/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.fuzz;

import java.util.Objects;

/** Assertions that cost nothing where they hold: a fuzzer makes a hundred thousand a second. */
final class Claims {
  private Claims() {}

  static void that(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  static void equal(Object actual, Object expected, String what) {
    if (!Objects.equals(actual, expected)) {
      throw new AssertionError(what + ": expected\n" + expected + "\nfound\n" + actual);
    }
  }
}
