/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.Lease;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.SenderDeadline;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One batch that is offered to the pipelines of its signal, and how those that take it have it: in
 * the journal, or from memory while its sender waits. Filled and committed by one thread.
 *
 * <p>A sender gets one answer. Only a pipeline that takes a batch alone can make it wait for the
 * backend: where others take it too, a repetition would reach them twice, and OK would be a promise
 * of one backend for all. So what several take is on disk before the sender hears OK (docs/
 * decisions/0013-delivery.md).
 */
final class Offer {
  private record Taker(SubscribedPipeline pipeline, OtlpBatch batch, @Nullable BitSet resources) {}

  private final OtlpBatch batch;
  private final Lease lease;
  private final SenderDeadline deadline;
  private final Answers answers;
  private final @Nullable JournalAppend append;
  private final List<Taker> direct = new ArrayList<>(0);

  /**
   * Borrows the batch and the lease until {@link #commit}.
   *
   * @param append what it is written with; null where there is no journal
   */
  Offer(
      OtlpBatch batch,
      Lease lease,
      SenderDeadline deadline,
      Answers answers,
      @Nullable JournalAppend append) {
    this.batch = batch;
    this.lease = lease;
    this.deadline = deadline;
    this.answers = answers;
    this.append = append;
  }

  OtlpBatch batch() {
    return batch;
  }

  Lease lease() {
    return lease;
  }

  SenderDeadline deadline() {
    return deadline;
  }

  Answers answers() {
    return answers;
  }

  @Nullable JournalAppend append() {
    return append;
  }

  /**
   * A pipeline takes the batch, or a part of it, and has the sender wait for its backend, if no
   * other one takes it. Takes over a reference to {@code taken}.
   *
   * @param resources those that it takes; null for all
   */
  void whenDelivered(SubscribedPipeline pipeline, OtlpBatch taken, @Nullable BitSet resources) {
    direct.add(new Taker(pipeline, taken, resources));
  }

  /** Every pipeline has been asked; they answer when they have what they take. */
  void commit() {
    boolean kept = append != null && (append.isTaken() || direct.size() > 1);
    for (Taker taker : direct) {
      if (kept) {
        taker.pipeline.keep(taker.batch, taker.resources, this);
      } else {
        taker.pipeline.deliver(taker.batch, this);
      }
    }
    if (append != null) {
      append.commit();
    }
  }
}
