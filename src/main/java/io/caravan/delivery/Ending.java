/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a delivery in the end. */
public sealed interface Ending {

  /**
   * The backend took it, {@code rejected} of its records excepted (partial success), which are not
   * to be sent again.
   *
   * @param message what the backend said of these, or as a warning; empty as a rule
   */
  record Delivered(int rejected, String message) implements Ending {

    /** One of which the backend said nothing. */
    public Delivered(int rejected) {
      this(rejected, "");
    }
  }

  /** The backend will never take it. */
  record Refused(OtlpStatus status) implements Ending {}

  /**
   * It was too old to be tried again.
   *
   * @param lastFailure of the pipeline; null if there was none
   */
  record Expired(@Nullable OtlpStatus lastFailure) implements Ending {}

  /**
   * It was called off before it was under way; or somebody waited for it, and it was called off or
   * had no prospect after a failure.
   */
  record Withdrawn() implements Ending {}

  /** It was the oldest, and made room for newer ones. */
  record Displaced() implements Ending {}

  /** The deliverer was closed before it was delivered; it may have arrived nevertheless. */
  record Left() implements Ending {}

  /**
   * It had to be divided, and not all of it was delivered.
   *
   * @param delivered how many of its records are in parts that the backend took
   * @param rejected how many of these it did not take (partial success)
   * @param rest what was not delivered, in parts that ended in one of the ways above but the first
   */
  record Divided(int delivered, int rejected, List<Part> rest) implements Ending {}

  /** A part of a delivery, with its records' resource and scope, and what became of it. */
  record Part(OtlpBatch batch, Ending ending) {}
}
