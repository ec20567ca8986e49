/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

/**
 * A CEL rule of a resource definition.
 *
 * @param expression of type bool, with {@code self} and, in a transition rule, {@code oldSelf}
 * @param message says what must hold
 */
public record Rule(String expression, String message) {

  /** Whether it compares with the object before the change. */
  boolean isTransition() {
    return expression.contains("oldSelf");
  }
}
