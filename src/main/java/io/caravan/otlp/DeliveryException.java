/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

/**
 * Carries an {@link Outcome} other than {@link Outcome.Delivered} through a Camel exchange. No
 * stack trace: it is an answer.
 */
public final class DeliveryException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient Outcome outcome;

  public DeliveryException(Outcome outcome) {
    super(outcome.toString(), null, false, false);
    this.outcome = outcome;
  }

  public Outcome outcome() {
    return outcome;
  }
}
