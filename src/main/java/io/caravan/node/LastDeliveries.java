/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.api.PipelineId;
import io.caravan.signal.Subscriptions;
import java.time.Duration;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits, at the end of a node, until what it has accepted is delivered. */
final class LastDeliveries {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");
  private static final long LOOK_MILLIS = 50;

  private final Subscriptions subscriptions;

  LastDeliveries(Subscriptions subscriptions) {
    this.subscriptions = subscriptions;
  }

  /** Returns when nothing waits any more, or the time is over; then it tells what is left. */
  void await(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    SortedMap<PipelineId, Long> waiting = subscriptions.waiting();
    if (!waiting.isEmpty()) {
      LOG.info(
          "event=delivering_before_end pipelines={} records={} at_most_seconds={}",
          waiting.size(),
          waiting.values().stream().mapToLong(Long::longValue).sum(),
          atMost.toSeconds());
    }
    while (!waiting.isEmpty() && end - System.nanoTime() > 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      waiting = subscriptions.waiting();
    }
    waiting.forEach(
        (id, records) ->
            LOG.warn(
                "event=backlog_left pipeline={} records={} action=\"it is in the data folder, and lost if that goes with this process\"",
                id,
                records));
  }
}
