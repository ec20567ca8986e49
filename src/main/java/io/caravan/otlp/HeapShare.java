/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.time.Duration;

/**
 * What the conversions of one exchange's body to bytes and text hold of the heap, until the
 * exchange completes. Half of the process's heap is for them; beyond it they are told to come again
 * instead of driving the process out of memory. Thread-safe.
 */
final class HeapShare {
  private static final MemoryBudget HEAP = new MemoryBudget(Runtime.getRuntime().maxMemory() / 2);

  private final Lease lease;
  private long bytes;

  HeapShare() {
    this(HEAP);
  }

  HeapShare(MemoryBudget heap) {
    this.lease = new Lease(heap);
  }

  /**
   * Takes so many bytes more.
   *
   * @throws DeliveryException with {@link Outcome.TooLarge} if they would never fit, and {@link
   *     Outcome.RetryLater} if they do not now
   */
  synchronized void occupy(long more, int batchSize) throws DeliveryException {
    long limit = lease.limit();
    // The same exchange would take the same again however often it is tried.
    if (bytes + more > limit) {
      throw new DeliveryException(
          new Outcome.TooLarge(
              OtlpStatus.of(
                  GrpcCode.RESOURCE_EXHAUSTED,
                  "A batch of "
                      + batchSize
                      + " bytes is too large to be converted in the "
                      + limit
                      + " bytes of heap that there are for it. Have senders make smaller batches,"
                      + " or give the process more memory (CARAVAN_MEMORY).")));
    }
    if (!lease.tryResize(bytes + more)) {
      throw new DeliveryException(
          new Outcome.RetryLater(
              OtlpStatus.of(
                  GrpcCode.UNAVAILABLE,
                  "Too many batches are being converted at the same time for the heap."),
              Duration.ofSeconds(1)));
    }
    bytes += more;
  }

  void release() {
    lease.release();
  }
}
