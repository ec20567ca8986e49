/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

/**
 * What a system did with more than it can carry. Requests that were due and could not even be sent,
 * as too many were waiting for an answer, are what a sender would have to keep or drop.
 *
 * @param carriedPerSecond records a second that it carries
 * @param offeredPerSecond records a second that were due
 * @param seconds how long
 * @param accepted records whose sender heard OK
 * @param delivered records that the backend acknowledged, half a minute later
 * @param refusedForNow records that were refused with a delay after which to try again
 * @param refused records that were refused without one
 * @param unanswered records whose connection or stream ended
 * @param unsent records that were never sent
 * @param abandoned requests that it had given up when the backend answered
 * @param peakBytes its peak of resident memory
 */
record OverloadResult(
    String bottleneck,
    String system,
    int carriedPerSecond,
    int offeredPerSecond,
    double seconds,
    long accepted,
    long delivered,
    long refusedForNow,
    long refused,
    long unanswered,
    long unsent,
    long abandoned,
    long peakBytes,
    double serverCpu,
    long p99Micros,
    String lastFailure) {

  long lost() {
    return Math.max(0, accepted - delivered);
  }
}
