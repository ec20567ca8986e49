/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one side of OTLP tells the other: a code, a message for people and, where trying again makes
 * sense, how long to wait at least ({@code google.rpc.RetryInfo}, {@code Retry-After}).
 */
public record OtlpStatus(GrpcCode code, String message, @Nullable Duration retryAfter) {
  /**
   * In gRPC the message is a header, and a client may refuse headers over 8 KiB: a character takes
   * up to nine bytes there, escaped.
   */
  private static final int LONGEST = 500;

  /** The end is what a deep path or a cause stands at, so a long message loses its middle. */
  private static final int KEPT_AT_END = 150;

  public OtlpStatus {
    if (message.length() > LONGEST) {
      message =
          message.substring(0, LONGEST - KEPT_AT_END)
              + "..."
              + message.substring(message.length() - KEPT_AT_END);
    }
  }

  public static OtlpStatus of(GrpcCode code, String message) {
    return new OtlpStatus(code, message, null);
  }
}
