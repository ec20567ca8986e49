/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What came of one attempt to deliver one batch to one backend. An exporter decides this and
 * nothing else: it never retries, waits or splits.
 */
public sealed interface Outcome {

  /**
   * The backend took the batch and refused {@code rejected} of its records (partial success; 0 with
   * a message is a warning).
   */
  record Delivered(long rejected, String message) implements Outcome {
    public static final Delivered ALL = new Delivered(0, "");
  }

  /**
   * The failure may pass. The backend asked to wait {@code notBefore} from now, or said nothing
   * (null).
   */
  record RetryLater(OtlpStatus status, @Nullable Duration notBefore) implements Outcome {}

  /** The backend will never take this batch. */
  record Refused(OtlpStatus status) implements Outcome {}

  /** The backend will not take a batch of this size; its halves may pass. */
  record TooLarge(OtlpStatus status) implements Outcome {}

  /**
   * No batch will pass until somebody changes the configuration: wrong credentials, an unknown
   * host, a certificate that does not match.
   */
  record Misconfigured(OtlpStatus status) implements Outcome {}
}
