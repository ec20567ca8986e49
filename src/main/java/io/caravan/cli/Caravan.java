/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.cli;

/** The program. */
public final class Caravan {
  private Caravan() {}

  public static void main(String[] args) {}
}
