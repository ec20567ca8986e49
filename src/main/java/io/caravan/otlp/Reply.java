/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import org.apache.camel.Exchange;

/** What the sender of a batch hears. */
public sealed interface Reply {

  /**
   * The batch was taken, {@code rejected} of its records excepted, which are not to be sent again
   * (partial success); 0 with a message is a warning.
   */
  record Taken(long rejected, String message) implements Reply {
    /** All of it: {@code partial_success} stays unset. */
    public static final Taken WHOLLY = new Taken(0, "");

    /** Notes it on an exchange, for whoever answers the exchange's sender. */
    public void noteOn(Exchange exchange) {
      if (!equals(WHOLLY)) {
        exchange.setProperty(OtlpComponent.REJECTED_PROPERTY, rejected);
        exchange.setProperty(OtlpComponent.REJECTED_MESSAGE_PROPERTY, message);
      }
    }

    /** What a connector has noted on its exchange. */
    public static Taken of(Exchange exchange) {
      // A Kamelet may set anything; a conversion that fails here would leave the batch unanswered.
      long rejected =
          exchange.getProperty(OtlpComponent.REJECTED_PROPERTY) instanceof Number number
              ? Math.max(0, number.longValue())
              : 0;
      String message =
          exchange.getProperty(OtlpComponent.REJECTED_MESSAGE_PROPERTY) instanceof String text
              ? text
              : "";
      return rejected == 0 && message.isEmpty() ? WHOLLY : new Taken(rejected, message);
    }
  }

  /** The batch was not taken. */
  record Declined(OtlpStatus status) implements Reply {}
}
