/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.Outcome;

/** What one pipeline says of one batch. */
public sealed interface Answer {

  /**
   * The pipeline has the batch: it was delivered, {@code rejected} of its records excepted, which
   * the backend refused for good (partial success).
   */
  record Taken(long rejected) implements Answer {
    public static final Taken ALL = new Taken(0);
  }

  /** The pipeline's own policy does not want the batch; {@code reason} is a metric's label. */
  record Dropped(String reason) implements Answer {
    public static final Dropped NOT_SELECTED = new Dropped("not_selected");
    public static final Dropped INPUT_DISABLED = new Dropped("input_disabled");
  }

  /** The pipeline has as many bytes on their way as it may have. */
  record Full() implements Answer {}

  /** The pipeline could not deliver the batch. */
  record Failed(Outcome outcome) implements Answer {}
}
