/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** What the senders were answered, and whether they are to go on. Thread-safe. */
final class SendersLog {
  private final Numbers acknowledged = new Numbers();
  private final Latencies latencies = new Latencies();
  private final LongAdder refused = new LongAdder();
  private volatile String lastRefusal = "";
  private final LongAdder repeated = new LongAdder();
  private final CountDownLatch end = new CountDownLatch(1);

  void acknowledged(int sender, int first, int count, long nanos) {
    for (int number = first; number < first + count; number++) {
      acknowledged.add(SpanId.of(sender, number));
    }
    latencies.add(nanos);
  }

  void refused(int records, String why) {
    refused.add(records);
    lastRefusal = why;
  }

  /** Why records were refused the last time; empty if none was. */
  String lastRefusal() {
    return lastRefusal;
  }

  void failedOnce() {
    repeated.increment();
  }

  /** The records that were answered with OK. */
  Numbers acknowledged() {
    return acknowledged;
  }

  /** From the first attempt at a request to its OK. */
  Latencies latencies() {
    return latencies;
  }

  /** How many records were refused for good. */
  long refused() {
    return refused.sum();
  }

  /** How many attempts failed and were made again. */
  long repeated() {
    return repeated.sum();
  }

  void end() {
    end.countDown();
  }

  boolean ended() {
    return end.getCount() == 0;
  }

  /** Waits this long, or until the end if that is sooner. */
  void awaitEnd(Duration atMost) {
    try {
      if (end.await(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end();
    }
  }
}
