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
   * A value read from a Secret for a property that the Kamelet's schema does not mark secret: an
   * endpoint, say. Never printed, but handed to Camel as text, because the Kamelet may put it into
   * the path of a URI, where no reference can stand.
   */
  record Referenced(String text) implements PlanValue {
    @Override
    public String toString() {
      return "Referenced[***]";
    }
  }

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
