/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import java.time.Duration;

/**
 * What senders send.
 *
 * @param streams how many send at once, each on a connection of its own, one request at a time
 * @param records of each request
 * @param interval between the starts of two requests of a stream, as long as answers come in time;
 *     zero for the next as soon as the last is answered
 */
record Load(int streams, int records, Duration interval) {

  /** As much as is answered. */
  static Load closedLoop(int streams, int records) {
    return new Load(streams, records, Duration.ZERO);
  }

  /** This many records a second of all streams together. */
  static Load perSecond(int rate, int streams, int records) {
    return new Load(streams, records, Duration.ofNanos(1_000_000_000L * streams * records / rate));
  }

  /** Records a second that all streams together would send, of a load that has a rate. */
  double offered() {
    return (double) streams * records * 1_000_000_000L / interval.toNanos();
  }

  /** Records that may be on their way and not answered. */
  long inFlight() {
    return (long) streams * records;
  }
}
