/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.journal.AppendListener;
import io.caravan.journal.Entry;
import io.caravan.journal.Journal;
import io.caravan.journal.Place;
import io.caravan.journal.Receipt;
import io.caravan.journal.Target;
import io.caravan.otlp.GrpcCode;
import io.caravan.otlp.Lease;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.OtlpStatus;
import io.caravan.otlp.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way into the journal, once for all pipelines that take it. Filled and committed
 * by one thread.
 */
final class JournalAppend implements AppendListener {
  private static final byte LIVE = 0;
  private static final byte[] ALL = {};

  private record Taker(SubscribedPipeline pipeline, OtlpBatch batch) {}

  private final Journal journal;
  private final Backlogs backlogs;
  private final Executor loop;
  private final OtlpBatch batch;
  private final Lease lease;
  private final Answers answers;
  private final List<Taker> takers = new ArrayList<>(2);
  private final List<Target> targets = new ArrayList<>(2);
  private final List<Target> retained = new ArrayList<>(0);
  private final long time = System.currentTimeMillis();
  private long sender;
  private boolean durable;

  /**
   * Borrows the batch and the lease until {@link #commit}.
   *
   * @param loop goes on with the batch when it is written
   */
  JournalAppend(
      Journal journal,
      Backlogs backlogs,
      Executor loop,
      OtlpBatch batch,
      Lease lease,
      Answers answers) {
    this.loop = loop;
    this.journal = journal;
    this.backlogs = backlogs;
    this.batch = batch;
    this.lease = lease;
    this.answers = answers;
  }

  /**
   * A pipeline takes the batch, or a part of it, for which it has reserved the bytes. Takes over a
   * reference to {@code taken}.
   *
   * @param resources those that it takes; null for all
   */
  void take(
      SubscribedPipeline pipeline,
      Place place,
      OtlpBatch taken,
      @Nullable BitSet resources,
      boolean onDisk) {
    takers.add(new Taker(pipeline, taken));
    byte[] bits = resources == null ? ALL : resources.toByteArray();
    targets.add(new Target(place, taken.records(), taken.size(), bits));
    backlogs
        .retention()
        .find(pipeline.id())
        .flatMap(keeps -> keeps.target(taken.records(), taken.size(), bits))
        .ifPresent(retained::add);
    durable |= onDisk;
  }

  /** Whether a pipeline takes it. */
  boolean isTaken() {
    return !takers.isEmpty();
  }

  /** Has it written, if anybody takes it; the pipelines answer when that is done. */
  void commit() {
    if (takers.isEmpty()) {
      return;
    }
    sender = batch.sender();
    targets.addAll(retained); // behind those of the takers, as are their receipts
    lease.retain();
    journal.append(
        new Entry(
            batch.signal().code(),
            LIVE,
            time,
            batch.records(),
            sender,
            targets,
            batch.payload().retainedSlice(),
            durable),
        this);
  }

  @Override
  public void written(List<Receipt> receipts) {
    // Before its sender can send the next one, which may be one too many.
    takers.forEach(taker -> taker.pipeline.kept());
    List<Runnable> routes = new ArrayList<>(takers.size());
    Handover.during(routes::add, () -> deliver(receipts));
    Runnable goOn =
        () -> {
          takers.forEach(taker -> answers.answer(taker.pipeline.id(), Answer.Taken.ALL));
          routes.forEach(Runnable::run);
        };
    try {
      loop.execute(goOn);
    } catch (RejectedExecutionException e) {
      // The event loops have ended, and with them what the routes would send with.
      goOn.run();
    }
    lease.release();
  }

  private void deliver(List<Receipt> receipts) {
    for (int i = 0; i < takers.size(); i++) {
      Taker taker = takers.get(i);
      backlogs.written(taker.pipeline.id(), receipts.get(i), taker.batch, sender, time);
    }
  }

  @Override
  public void failed(IOException cause) {
    Outcome.RetryLater outcome =
        new Outcome.RetryLater(
            new OtlpStatus(
                GrpcCode.UNAVAILABLE,
                "the disk of --data cannot be written: " + cause.getMessage(),
                Duration.ofSeconds(1)),
            Duration.ofSeconds(1));
    for (Taker taker : takers) {
      int records = taker.batch.records();
      long bytes = taker.batch.size();
      taker.batch.release();
      taker.pipeline.notWritten(records, bytes, outcome, answers);
    }
    lease.release();
  }
}
