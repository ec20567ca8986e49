/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** What a backend has taken, which is what it has answered with OK. Thread-safe. */
final class Arrivals {
  private final Numbers numbers = new Numbers();
  private final Map<Integer, Integer> latest = new HashMap<>();
  private Latencies latencies = new Latencies();
  private long duplicates;
  private long outOfOrder;
  private int largest;

  synchronized void add(SpanReader.Spans spans) {
    for (long id : spans.ids()) {
      if (!numbers.add(id)) {
        duplicates++;
      } else if (latest.merge(SpanId.sender(id), SpanId.number(id), Math::max)
          > SpanId.number(id)) {
        outOfOrder++;
      }
    }
    largest = Math.max(largest, spans.ids().length);
    latencies.add(NumberedSpans.nanos(Instant.now()) - spans.started());
  }

  Numbers numbers() {
    return numbers;
  }

  /** Records that came again. */
  synchronized long duplicates() {
    return duplicates;
  }

  /** Records that came for the first time after a later one of the same sender. */
  synchronized long outOfOrder() {
    return outOfOrder;
  }

  /** Records of the largest request. */
  synchronized int largest() {
    return largest;
  }

  /** From the making of a request's oldest span to the OK for it, since the last call. */
  synchronized Latencies latencies() {
    Latencies past = latencies;
    latencies = new Latencies();
    return past;
  }
}
