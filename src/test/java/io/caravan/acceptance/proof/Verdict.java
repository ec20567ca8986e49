/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** What the end of an export means to a sender, by OTLP's table of retryable codes. */
sealed interface Verdict {

  /** The records are somebody else's now. */
  record Acknowledged() implements Verdict {}

  /** The same bytes again, not before the time the receiver asks for. */
  record Again(Optional<Duration> notBefore) implements Verdict {}

  /** The records are not wanted, and nobody will ask again. */
  record Refused(String why) implements Verdict {}

  /** The verdict on an export that ended with this error. */
  static Verdict of(Throwable error) {
    Optional<Duration> asked = retryInfo(error);
    return switch (Status.fromThrowable(error).getCode()) {
      case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS ->
          new Again(asked);
      case RESOURCE_EXHAUSTED ->
          asked.isPresent() ? new Again(asked) : new Refused(error.toString());
      // grpc-java's word for a call on a connection that is cut at this moment: nobody refused it.
      case UNKNOWN ->
          Status.fromThrowable(error).getCause() instanceof IOException
              ? new Again(asked)
              : new Refused(error.toString());
      default -> new Refused(error.toString());
    };
  }

  private static Optional<Duration> retryInfo(Throwable error) {
    com.google.rpc.Status details = StatusProto.fromThrowable(error);
    if (details == null) {
      return Optional.empty();
    }
    return details.getDetailsList().stream()
        .filter(detail -> detail.is(RetryInfo.class))
        .map(
            detail -> {
              try {
                var delay = detail.unpack(RetryInfo.class).getRetryDelay();
                return Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
              } catch (InvalidProtocolBufferException e) {
                throw new IllegalArgumentException(e);
              }
            })
        .findFirst();
  }
}
