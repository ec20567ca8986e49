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

  public static OtlpStatus of(GrpcCode code, String message) {
    return new OtlpStatus(code, message, null);
  }
}
