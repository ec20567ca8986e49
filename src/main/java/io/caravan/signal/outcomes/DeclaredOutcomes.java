/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.outcomes;

import io.caravan.api.OutcomeRule;
import io.caravan.api.OutcomeRule.Match;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/** What a Kamelet declares of the failures of its connector, put to a failure. */
final class DeclaredOutcomes {
  private DeclaredOutcomes() {}

  /** The outcome by the first rule that is about this very exception; null if none is. */
  static @Nullable Outcome of(List<OutcomeRule> rules, Throwable failure) {
    for (OutcomeRule rule : rules) {
      if (isAbout(rule, failure)) {
        return outcome(rule, failure);
      }
    }
    return null;
  }

  private static boolean isAbout(OutcomeRule rule, Throwable failure) {
    return switch (rule.match()) {
      case Match.ExceptionClass(String name) ->
          is(failure.getClass(), name) && says(rule, failure.getMessage());
      case Match.HttpStatus(int from, int to) ->
          failure instanceof HttpOperationFailedException http
              && http.getStatusCode() >= from
              && http.getStatusCode() <= to
              && says(rule, http.getResponseBody());
    };
  }

  /** By name: which of several class loaders knows the class does not matter. */
  private static boolean is(@Nullable Class<?> type, String name) {
    if (type == null) {
      return false;
    }
    if (type.getName().equals(name) || is(type.getSuperclass(), name)) {
      return true;
    }
    for (Class<?> each : type.getInterfaces()) {
      if (is(each, name)) {
        return true;
      }
    }
    return false;
  }

  private static boolean says(OutcomeRule rule, @Nullable String text) {
    return rule.message().isEmpty()
        || rule.message().get().matcher(text == null ? "" : text).find();
  }

  private static Outcome outcome(OutcomeRule rule, Throwable failure) {
    return switch (rule.meaning()) {
      case DELIVERED -> Outcome.Delivered.ALL;
      case RETRY ->
          new Outcome.RetryLater(status(GrpcCode.UNAVAILABLE, failure), wait(rule, failure));
      case REFUSE -> new Outcome.Refused(status(GrpcCode.INVALID_ARGUMENT, failure));
      case TOO_LARGE -> new Outcome.TooLarge(status(GrpcCode.RESOURCE_EXHAUSTED, failure));
      case MISCONFIGURED ->
          new Outcome.Misconfigured(status(GrpcCode.FAILED_PRECONDITION, failure));
    };
  }

  private static @Nullable Duration wait(OutcomeRule rule, Throwable failure) {
    Map<String, String> headers =
        failure instanceof HttpOperationFailedException http && http.getResponseHeaders() != null
            ? http.getResponseHeaders()
            : Map.of();
    String name = rule.afterHeader().orElse(HttpOutcomes.RETRY_AFTER);
    return Optional.ofNullable(HttpOutcomes.wait(name, headers)).or(rule::after).orElse(null);
  }

  /** An HTTP answer without its URI and body, which may hold what nobody else is to read. */
  private static OtlpStatus status(GrpcCode code, Throwable failure) {
    return failure instanceof HttpOperationFailedException http
        ? HttpOutcomes.answer(code, http.getStatusCode())
        : OtlpStatus.of(code, FailureOutcomes.describeWithCause(failure));
  }
}
