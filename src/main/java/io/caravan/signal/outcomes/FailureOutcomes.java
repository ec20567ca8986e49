/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal.outcomes;

import io.caravan.api.OutcomeRule;
import io.caravan.otlp.DeliveryException;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.caravan.otlp.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ExchangeTimedOutException;
import org.apache.camel.NoTypeConversionAvailableException;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.apache.camel.component.file.GenericFileOperationFailedException;
import org.apache.camel.component.kamelet.KameletConsumerNotAvailableException;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.jspecify.annotations.Nullable;

/**
 * Decides what an exception in a connector means: the one place that does.
 *
 * <p>The first cause that says something decides, from the outside in. What nobody can tell passes
 * for a refusal: the same batch would meet the same exception again. What a clock, a network or a
 * stopped route caused may pass.
 */
public final class FailureOutcomes {
  private static final int DEEPEST_CAUSE = 16;

  private FailureOutcomes() {}

  /**
   * The outcome of a failure of a Kamelet that declares some itself. It is asked first, of the
   * failure and of its causes, from the outside in.
   */
  public static Outcome of(List<OutcomeRule> declared, Throwable failure) {
    Throwable cause = declared.isEmpty() ? null : failure;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      Outcome outcome = DeclaredOutcomes.of(declared, cause);
      if (outcome != null) {
        return outcome;
      }
      cause = cause.getCause();
    }
    return of(failure);
  }

  public static Outcome of(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST_CAUSE; depth++) {
      Outcome outcome = ofOne(cause);
      if (outcome != null) {
        return outcome;
      }
      cause = cause.getCause();
    }
    return new Outcome.Refused(OtlpStatus.of(GrpcCode.INTERNAL, describe(unwrap(failure))));
  }

  private static @Nullable Outcome ofOne(Throwable failure) {
    return switch (failure) {
      case DeliveryException delivery -> delivery.outcome();
      case OtlpStatusException answer -> ofStatus(answer.status());
      case HttpOperationFailedException http ->
          HttpOutcomes.of(http.getStatusCode(), http.getResponseHeaders());
      case UnknownHostException _ -> misconfigured("unknown host: " + failure.getMessage());
      case CertificateException _ -> misconfigured(describe(failure));
      // A handshake that fails because of a certificate has that as its cause, which decides.
      case SSLException _ when failure.getCause() != null -> null;
      case SSLException _, ConnectException _, SocketException _ -> later(failure);
      case ExchangeTimedOutException _, TimeoutException _, InterruptedIOException _ ->
          new Outcome.RetryLater(
              OtlpStatus.of(GrpcCode.DEADLINE_EXCEEDED, describe(failure)), null);
      // A route that is stopping, or a full queue in it.
      case RejectedExecutionException _,
          IllegalStateException _,
          KameletConsumerNotAvailableException _,
          DirectConsumerNotAvailableException _ ->
          later(failure);
      case InterruptedException _ -> later(failure);
      case NoTypeConversionAvailableException _ ->
          misconfigured("the Kamelet cannot convert the batch: " + failure.getMessage());
      // It names the file; its cause says what is wrong with it.
      case GenericFileOperationFailedException _
          when failure.getCause() instanceof IOException io ->
          new Outcome.RetryLater(
              OtlpStatus.of(GrpcCode.UNAVAILABLE, failure.getMessage() + ": " + describe(io)),
              null);
      // Direct memory, of this moment: others let go of theirs. Without heap the process ends.
      case OutOfMemoryError _ -> later(failure);
      // A disk, a pipe, a connection: the environment, not the batch.
      case IOException _ when failure.getCause() == null -> later(failure);
      case null, default -> null;
    };
  }

  private static Outcome ofStatus(OtlpStatus status) {
    return switch (status.code()) {
      case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS ->
          new Outcome.RetryLater(status, status.retryAfter());
      default ->
          status.retryAfter() == null
              ? new Outcome.Refused(status)
              : new Outcome.RetryLater(status, status.retryAfter());
    };
  }

  private static Outcome later(Throwable failure) {
    return new Outcome.RetryLater(
        OtlpStatus.of(GrpcCode.UNAVAILABLE, describe(failure)), (Duration) null);
  }

  private static Outcome misconfigured(String message) {
    return new Outcome.Misconfigured(OtlpStatus.of(GrpcCode.FAILED_PRECONDITION, message));
  }

  /** Camel's wrapper names the exchange, which tells nobody anything. */
  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CamelExecutionException && cause != null ? cause : failure;
  }

  /** With the innermost cause, which says what is wrong where the outer one says with what. */
  @SuppressWarnings("ReferenceEquality") // the same failure, and not one that looks like it
  static String describeWithCause(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause.getCause() != null && depth < DEEPEST_CAUSE; depth++) {
      cause = cause.getCause();
    }
    return cause == failure ? describe(failure) : describe(failure) + ": " + describe(cause);
  }

  private static String describe(Throwable failure) {
    String message = failure.getMessage();
    String name = failure.getClass().getSimpleName();
    return message == null ? name : name + ": " + message;
  }
}
