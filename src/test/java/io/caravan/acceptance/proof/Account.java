/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import java.time.Duration;
import java.util.Locale;

/**
 * What a run came to, for one backend.
 *
 * @param scenario its name
 * @param acknowledged records that senders were told OK for
 * @param delivered records that the backend has taken, each counted once
 * @param lost acknowledged and not delivered
 * @param duplicates records that the backend has taken again
 * @param outOfOrder records that the backend has taken after a later one of their sender
 * @param refused records that senders were refused for good
 * @param lastRefusal why, the last time; empty if none was
 * @param repeated attempts of senders that failed and were made again
 * @param drain from the end of the sending until nothing was missing
 * @param latency from the first attempt at a request to its OK, of 99 % of them
 * @param peakMebibytes the highest resident set
 */
record Account(
    String scenario,
    long acknowledged,
    long delivered,
    long lost,
    long duplicates,
    long outOfOrder,
    long refused,
    String lastRefusal,
    long repeated,
    Duration drain,
    Duration latency,
    long peakMebibytes) {

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "proof scenario=\"%s\" form=%s acknowledged=%d delivered=%d lost=%d duplicates=%d"
            + " out_of_order=%d refused=%d repeated=%d drain=%.1fs sender_p99=%dms rss=%dMiB",
        scenario,
        Form.CURRENT.name().toLowerCase(Locale.ROOT),
        acknowledged,
        delivered,
        lost,
        duplicates,
        outOfOrder,
        refused,
        repeated,
        drain.toMillis() / 1e3,
        latency.toMillis(),
        peakMebibytes);
  }
}
