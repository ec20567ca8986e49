/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * What the sink has received, and how fast it answers. Belongs to the sink's only event loop.
 *
 * <p>A request counts when it is answered, so one that its sender has given up is not delivered.
 */
// What is scheduled cannot fail but by a bug, which the event loop logs.
@SuppressWarnings("FutureReturnValueIgnored")
final class Backend {

  private final Workload workload;
  private final CompressedBodies compressed;
  private long requests;
  private long records;
  private long bytes;
  private long abandoned;
  private int recordsPerSecond;
  private long free;

  Backend(Workload workload) {
    this.workload = workload;
    this.compressed = new CompressedBodies(workload.signal(), workload.encoding());
  }

  /** Returns what counts the next request. */
  BodyCounter counter() {
    int prefix = workload.transport() == Transport.GRPC ? 5 : 0;
    return workload.encoding() == BodyEncoding.NONE
        ? new RecordCounter(workload.signal(), prefix)
        : new CompressedCounter(compressed, prefix, PooledByteBufAllocator.DEFAULT);
  }

  boolean isSlow() {
    return recordsPerSecond > 0;
  }

  /** Answers that many records a second from now on, one request after the other; 0: at once. */
  String limit(int toRecordsPerSecond) {
    recordsPerSecond = toRecordsPerSecond;
    free = System.nanoTime();
    return "limited";
  }

  /**
   * Answers a request now or when its turn comes.
   *
   * @param answer sends the answer, or returns false if nobody waits for it any more
   */
  void answer(Content content, EventExecutor loop, BooleanSupplier answer) {
    if (!isSlow()) {
      count(content, answer);
      return;
    }
    long now = System.nanoTime();
    free = Math.max(now, free) + content.records() * 1_000_000_000L / recordsPerSecond;
    loop.schedule(() -> count(content, answer), free - now, TimeUnit.NANOSECONDS);
  }

  private void count(Content content, BooleanSupplier answer) {
    if (answer.getAsBoolean()) {
      requests++;
      records += content.records();
      bytes += content.bytes();
    } else {
      abandoned++;
    }
  }

  /** Answered requests, their records, their bytes before compression, abandoned requests. */
  String report() {
    return requests + " " + records + " " + bytes + " " + abandoned;
  }

  String clear() {
    requests = 0;
    records = 0;
    bytes = 0;
    abandoned = 0;
    return "cleared";
  }
}
