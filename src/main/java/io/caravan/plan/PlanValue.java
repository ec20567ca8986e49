/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

/** The value of a Kamelet's property. */
public sealed interface PlanValue {

  String text();

  /** A value that anybody may see. */
  record Literal(String text) implements PlanValue {}

  /**
   * A value that the Kamelet's schema marks {@code format: password}. Never printed, and handed to
   * Camel as a registry object only.
   */
  record Secret(String text) implements PlanValue {
    @Override
    public String toString() {
      return "Secret[***]";
    }
  }
}
