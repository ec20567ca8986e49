/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.client;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import io.caravan.otlp.net.HttpStatuses;
import io.caravan.otlp.tls.TlsProvider;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The tables that turn an answer, or its absence, into an outcome (OTLP 1.11.0). */
final class Outcomes {
  /** Netty's native transports put it before what failed; an operator has no use for it. */
  private static final Pattern SYSTEM_CALL =
      Pattern.compile("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ");

  private Outcomes() {}

  /** The outcome of a gRPC status that is not OK. */
  static Outcome ofGrpc(OtlpStatus status) {
    return switch (status.code()) {
      case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS ->
          new Outcome.RetryLater(status, status.retryAfter());
      case RESOURCE_EXHAUSTED -> exhausted(status);
      case UNAUTHENTICATED, PERMISSION_DENIED -> new Outcome.Misconfigured(status);
      case OK,
          UNKNOWN,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          FAILED_PRECONDITION,
          UNIMPLEMENTED,
          INTERNAL ->
          new Outcome.Refused(status);
    };
  }

  /**
   * Without RetryInfo it is for good. gRPC has no code of its own for a message over the limit, so
   * its words are asked: those of grpc-go and grpc-js, grpc-java, and our own.
   */
  private static Outcome exhausted(OtlpStatus status) {
    if (status.retryAfter() != null) {
      return new Outcome.RetryLater(status, status.retryAfter());
    }
    String message = status.message().toLowerCase(Locale.ROOT);
    boolean size = message.contains("larger than") || message.contains("exceeds maximum size");
    return size ? new Outcome.TooLarge(status) : new Outcome.Refused(status);
  }

  /** The outcome of an HTTP status other than 2xx. */
  static Outcome ofHttp(int httpStatus, String message, @Nullable Duration retryAfter) {
    OtlpStatus status = new OtlpStatus(HttpStatuses.code(httpStatus), message, retryAfter);
    return switch (httpStatus) {
      case 429, 502, 503, 504 -> new Outcome.RetryLater(status, retryAfter);
      case 413 -> new Outcome.TooLarge(status);
      case 401, 403 -> new Outcome.Misconfigured(status);
      default -> new Outcome.Refused(status); // redirects, too: a batch is not sent elsewhere
    };
  }

  /** The gRPC code of an answer that carries only an HTTP status: a proxy spoke. */
  static Outcome ofHttpWithoutGrpc(int httpStatus, String message) {
    GrpcCode code =
        switch (httpStatus) {
          case 400 -> GrpcCode.INTERNAL;
          case 401 -> GrpcCode.UNAUTHENTICATED;
          case 403 -> GrpcCode.PERMISSION_DENIED;
          case 404 -> GrpcCode.UNIMPLEMENTED;
          case 429, 502, 503, 504 -> GrpcCode.UNAVAILABLE;
          default -> GrpcCode.UNKNOWN;
        };
    return ofGrpc(OtlpStatus.of(code, message));
  }

  /** The outcome where there was no answer. */
  static Outcome ofFailure(Endpoint endpoint, Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      Outcome known = known(endpoint, cause);
      if (known != null) {
        return known;
      }
    }
    return later(GrpcCode.UNAVAILABLE, endpoint + ": " + reason(failure));
  }

  private static @Nullable Outcome known(Endpoint endpoint, Throwable cause) {
    return switch (cause) {
      case UnknownHostException e ->
          misconfigured("The host name " + endpoint.host() + " cannot be resolved.");
      case NotSslRecordException e ->
          misconfigured(endpoint + " does not speak TLS; use http:// or insecure.");
      case SslHandshakeTimeoutException e ->
          later(GrpcCode.UNAVAILABLE, endpoint + ": " + reason(e));
      case SSLException e when passing(e) ->
          later(GrpcCode.UNAVAILABLE, endpoint + ": " + reason(e));
      case SSLException e -> misconfigured(tlsFailed(endpoint, e));
      case CertificateException e -> misconfigured(tlsFailed(endpoint, e));
      case Http2Exception e ->
          misconfigured(endpoint + " does not speak gRPC (HTTP/2): " + reason(e));
      case TimeoutException e -> later(GrpcCode.DEADLINE_EXCEEDED, reason(e));
      case IOException e -> later(GrpcCode.UNAVAILABLE, endpoint + ": " + reason(e));
      default -> null;
    };
  }

  /** A connection that was lost in the handshake says nothing about certificates. */
  private static boolean passing(SSLException e) {
    return reason(e).toLowerCase(Locale.ROOT).contains("closed");
  }

  private static String tlsFailed(Endpoint endpoint, Throwable e) {
    return "TLS with " + endpoint + " failed: " + TlsProvider.reason(e);
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank()
        ? e.getClass().getSimpleName()
        : SYSTEM_CALL.matcher(message).replaceFirst("");
  }

  static Outcome later(GrpcCode code, String message) {
    return new Outcome.RetryLater(OtlpStatus.of(code, message), null);
  }

  private static Outcome misconfigured(String message) {
    return new Outcome.Misconfigured(OtlpStatus.of(GrpcCode.FAILED_PRECONDITION, message));
  }
}
