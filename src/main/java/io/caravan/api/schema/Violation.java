/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import io.caravan.api.FieldPath;

/**
 * A field that breaks a rule.
 *
 * @param message what was found and what is allowed; never a value that may be secret
 */
public record Violation(FieldPath path, Reason reason, String message) {

  /** Which kind of rule is broken. */
  public enum Reason {
    /** A field that does not exist; an API server would drop it. */
    UNKNOWN_FIELD,
    /** A required field is not there. CEL rules at and above it are not evaluated. */
    MISSING,
    /** A value of the wrong type. CEL rules at and above it are not evaluated. */
    WRONG_TYPE,
    /** A value out of range, or in the wrong form. */
    INVALID,
    /** A CEL rule does not hold. */
    RULE
  }

  boolean blocksRules() {
    return reason == Reason.MISSING || reason == Reason.WRONG_TYPE;
  }

  @Override
  public String toString() {
    return path + ": " + message;
  }
}
