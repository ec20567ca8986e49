/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp.server;

import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.OtlpStatusException;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory of all requests of a server that have begun to arrive and are not whole yet: senders
 * that stop half-way must not take what the others need. Thread-safe.
 */
final class Arriving {
  private static final OtlpStatus FULL =
      new OtlpStatus(
          GrpcCode.UNAVAILABLE,
          "Too many requests are arriving at the same time.",
          Duration.ofSeconds(1));

  private final long max;
  private final AtomicLong bytes = new AtomicLong();

  Arriving(long max) {
    this.max = max;
  }

  Share share() {
    return new Share();
  }

  /** What one request holds. Only on its connection's event loop. */
  final class Share {
    private long held;

    /**
     * Counts the buffer as it is now, in place of what was counted before.
     *
     * @throws OtlpStatusException UNAVAILABLE, if there is no room for it
     */
    void holds(ByteBuf buffer) throws OtlpStatusException {
      long more = buffer.capacity() - held;
      held += more;
      if (more > 0 && bytes.addAndGet(more) > max) {
        release();
        throw new OtlpStatusException(FULL);
      }
    }

    /** Counts it no longer: it is whole, or gone. */
    void release() {
      bytes.addAndGet(-held);
      held = 0;
    }
  }
}
