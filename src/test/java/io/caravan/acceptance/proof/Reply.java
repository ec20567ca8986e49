/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;

/** What a backend says to a request. */
sealed interface Reply {

  /**
   * An answer.
   *
   * @param code with {@code OK} the records are taken
   * @param after how long it takes
   * @param retryAfter when the backend wants to be asked again, if it says so
   */
  record Answer(Status.Code code, Duration after, Optional<Duration> retryAfter) implements Reply {}

  /** Nothing, ever. */
  record Silence() implements Reply {}

  /** The code at once. */
  static Answer of(Status.Code code) {
    return new Answer(code, Duration.ZERO, Optional.empty());
  }
}
