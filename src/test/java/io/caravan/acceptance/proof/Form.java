/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

/** How long the scenarios take: ten seconds at most, or as long as it takes to be sure. */
enum Form {
  SHORT,
  LONG;

  /** The form of this run: {@code -Dproof=long}, and short otherwise. */
  static final Form CURRENT = "long".equals(System.getProperty("proof")) ? LONG : SHORT;

  /** The first in the short form, the second in the long one. */
  static <T> T pick(T inShort, T inLong) {
    return switch (CURRENT) {
      case SHORT -> inShort;
      case LONG -> inLong;
    };
  }
}
