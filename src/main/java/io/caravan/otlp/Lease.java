/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.otlp;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What one request holds of a {@link MemoryBudget}, from its first byte on: given back when the
 * last of those who hold the request's bytes has let go. Pipelines share the bytes, so they are
 * counted once.
 *
 * <p>It is resized by its first holder alone, before it is shared; holding and letting go is
 * thread-safe.
 */
public final class Lease {
  private final MemoryBudget budget;
  private final AtomicInteger holders = new AtomicInteger(1);
  private final List<Lease> others;
  private long bytes;

  /** A lease of nothing yet, with one holder. */
  public Lease(MemoryBudget budget) {
    this(budget, List.of());
  }

  private Lease(MemoryBudget budget, List<Lease> others) {
    this.budget = budget;
    this.others = others;
  }

  /**
   * A lease of nothing of its own, which takes over a hold on each of these and lets go of them
   * with its last holder.
   */
  static Lease ofAll(List<Lease> leases) {
    return new Lease(leases.getFirst().budget, List.copyOf(leases));
  }

  /**
   * Holds so many bytes from now on, instead of those before; false, and no change, if they do not
   * fit.
   */
  public boolean tryResize(long wanted) {
    long more = wanted - bytes;
    if (more > 0 && !budget.tryAcquire(more, bytes)) {
      return false;
    }
    if (more < 0) {
      budget.release(-more);
    }
    bytes = wanted;
    return true;
  }

  /** How many more bytes there would be now; no promise. */
  public long room() {
    return budget.room(bytes);
  }

  /** The most bytes that there are for all. */
  long limit() {
    return budget.limit();
  }

  /** A lease of the same budget, of nothing yet. */
  Lease another() {
    return new Lease(budget);
  }

  public Lease retain() {
    holders.incrementAndGet();
    return this;
  }

  public void release() {
    if (holders.decrementAndGet() == 0) {
      budget.release(bytes);
      others.forEach(Lease::release);
    }
  }
}
