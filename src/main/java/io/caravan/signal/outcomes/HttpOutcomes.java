/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.outcomes;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a backend's HTTP status means to a connector that is not OTLP's own.
 *
 * <p>408, 425, 429 and every 5xx but 501 may pass: a backend that is not an OTLP receiver says 500
 * for an overload too, and losing the batch is worse than sending it again. {@code Retry-After} is
 * honoured in seconds and as a date (RFC 9110).
 */
final class HttpOutcomes {
  static final String RETRY_AFTER = "Retry-After";

  private HttpOutcomes() {}

  static Outcome of(int status, @Nullable Map<String, String> headers) {
    Duration wait = wait(RETRY_AFTER, headers == null ? Map.of() : headers);
    return switch (status) {
      case 408, 425, 429 -> new Outcome.RetryLater(answer(GrpcCode.UNAVAILABLE, status), wait);
      case 413 -> new Outcome.TooLarge(answer(GrpcCode.RESOURCE_EXHAUSTED, status));
      case 401, 407 -> new Outcome.Misconfigured(answer(GrpcCode.UNAUTHENTICATED, status));
      case 403 -> new Outcome.Misconfigured(answer(GrpcCode.PERMISSION_DENIED, status));
      case 404, 405, 410 -> new Outcome.Misconfigured(answer(GrpcCode.NOT_FOUND, status));
      case 501 -> new Outcome.Refused(answer(GrpcCode.UNIMPLEMENTED, status));
      default ->
          status >= 500
              ? new Outcome.RetryLater(answer(GrpcCode.UNAVAILABLE, status), wait)
              : status < 400
                  ? new Outcome.Misconfigured(answer(GrpcCode.FAILED_PRECONDITION, status))
                  : new Outcome.Refused(answer(GrpcCode.INVALID_ARGUMENT, status));
    };
  }

  /** Without the URI and the response body: either may hold what nobody else is to read. */
  static OtlpStatus answer(GrpcCode code, int status) {
    return OtlpStatus.of(code, "the backend answered HTTP " + status);
  }

  /** How long a header asks to wait; null where there is none, or none that can be read. */
  static @Nullable Duration wait(String name, Map<String, String> headers) {
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (header.getKey().equalsIgnoreCase(name)) {
        return parse(header.getValue().trim());
      }
    }
    return null;
  }

  private static @Nullable Duration parse(String value) {
    if (value.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      ZonedDateTime at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      Duration wait = Duration.between(ZonedDateTime.now(at.getZone()), at);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeParseException _) {
      // A header that nobody can read is no header.
      return null;
    }
  }
}
