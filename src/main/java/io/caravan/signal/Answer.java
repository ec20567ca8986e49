/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.Outcome;
import io.caravan.otlp.Reply;

/** What one pipeline says of one batch. */
public sealed interface Answer {

  /**
   * The pipeline has the batch: it was delivered, but for the records that the backend refused for
   * good (partial success).
   */
  record Taken(Reply.Taken reply) implements Answer {
    public static final Taken ALL = new Taken(Reply.Taken.WHOLLY);
  }

  /** The pipeline's own policy does not want the batch; {@code reason} is a metric's label. */
  record Dropped(String reason) implements Answer {
    public static final Dropped NOT_SELECTED = new Dropped("not_selected");
    public static final Dropped JOURNAL_FULL = new Dropped("journal_full");
    public static final Dropped INPUT_DISABLED = new Dropped("input_disabled");
  }

  /** The pipeline has as many bytes on their way as it may have. */
  record Full() implements Answer {}

  /** The pipeline could not deliver the batch for as long as its sender waited. */
  record Late() implements Answer {}

  /** The pipeline could not deliver the batch. */
  record Failed(Outcome outcome) implements Answer {}
}
