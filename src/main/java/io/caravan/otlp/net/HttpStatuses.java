/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.net;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;

/** Which HTTP status says what a gRPC code says: the OpenTelemetry Collector's table, and 413. */
public final class HttpStatuses {
  private HttpStatuses() {}

  /**
   * The HTTP status of an answer. RESOURCE_EXHAUSTED is 429 only with a delay: without one it is
   * not to be retried (OTLP 1.11.0), and 429 is.
   */
  public static int of(OtlpStatus status) {
    return switch (status.code()) {
      case OK -> 200;
      case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS -> 503;
      case RESOURCE_EXHAUSTED -> status.retryAfter() == null ? 413 : 429;
      case INVALID_ARGUMENT -> 400;
      case UNAUTHENTICATED -> 401;
      case PERMISSION_DENIED -> 403;
      case UNIMPLEMENTED -> 404;
      case UNKNOWN, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, INTERNAL -> 500;
    };
  }

  /** The gRPC code that stands nearest to an HTTP status; for messages and metrics. */
  public static GrpcCode code(int status) {
    return switch (status) {
      case 400 -> GrpcCode.INVALID_ARGUMENT;
      case 401 -> GrpcCode.UNAUTHENTICATED;
      case 403 -> GrpcCode.PERMISSION_DENIED;
      case 404, 405, 415, 501 -> GrpcCode.UNIMPLEMENTED;
      case 413, 429 -> GrpcCode.RESOURCE_EXHAUSTED;
      case 500 -> GrpcCode.INTERNAL;
      case 502, 503 -> GrpcCode.UNAVAILABLE;
      case 408, 504 -> GrpcCode.DEADLINE_EXCEEDED;
      default -> GrpcCode.UNKNOWN;
    };
  }
}
