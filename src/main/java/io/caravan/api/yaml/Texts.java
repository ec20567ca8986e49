/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.yaml;

/** Text of a file in a message. */
final class Texts {

  private static final int SHORT = 60;

  private Texts() {}

  /** On one line and not long. */
  static String shortened(String text) {
    String line = text.replaceAll("\\p{Cntrl}", " ");
    return line.length() <= SHORT ? line : line.substring(0, SHORT) + "...";
  }
}
