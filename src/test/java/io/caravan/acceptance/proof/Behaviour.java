/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** How a backend answers, request by request. Thread-safe. */
@FunctionalInterface
interface Behaviour {

  /** The reply to a request of so many records. */
  Reply to(int records);

  static Behaviour accepting() {
    return answering(Status.Code.OK);
  }

  static Behaviour answering(Status.Code code) {
    return _ -> Reply.of(code);
  }

  /** Never an answer, on a connection that works. */
  static Behaviour silent() {
    return _ -> new Reply.Silence();
  }

  /** OK, that long after the request. */
  static Behaviour answeringAfter(Duration latency) {
    return _ -> new Reply.Answer(Status.Code.OK, latency, Optional.empty());
  }

  /** Too busy, and asking for this much patience. */
  static Behaviour throttling(Duration retryAfter) {
    return _ -> new Reply.Answer(Status.Code.UNAVAILABLE, Duration.ZERO, Optional.of(retryAfter));
  }

  /** UNAVAILABLE to this share of the requests, OK to the others. */
  static Behaviour unavailable(double share) {
    return failingAndDelaying(share, 0, Duration.ZERO);
  }

  /** UNAVAILABLE to a share of the requests, and late to a share of them whatever the answer is. */
  static Behaviour failingAndDelaying(double failing, double delaying, Duration delay) {
    return _ -> {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      return new Reply.Answer(
          random.nextDouble() < failing ? Status.Code.UNAVAILABLE : Status.Code.OK,
          random.nextDouble() < delaying ? delay : Duration.ZERO,
          Optional.empty());
    };
  }

  /** One request after the other, at this many records a second. */
  static Behaviour takingPerSecond(int records) {
    AtomicLong free = new AtomicLong(System.nanoTime());
    return count -> {
      long now = System.nanoTime();
      long work = count * 1_000_000_000L / records;
      long end = free.accumulateAndGet(work, (until, more) -> Math.max(until, now) + more);
      return new Reply.Answer(Status.Code.OK, Duration.ofNanos(end - now), Optional.empty());
    };
  }
}
