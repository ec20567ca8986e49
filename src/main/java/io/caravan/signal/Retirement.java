/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import io.caravan.api.Remainder;
import io.caravan.journal.Place;
import io.caravan.journal.Portion;
import io.caravan.journal.StoredRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a deleted pipeline's place in the journal: when everything is delivered, or when its time is
 * over, with what is left dropped and counted. Thread-safe.
 */
final class Retirement {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");
  private static final Duration LOOK = Duration.ofMillis(200);

  /** For what is under way when the time is over. */
  private static final Duration LAST_ATTEMPT = Duration.ofSeconds(1);

  private static final int READ_BYTES = 1 << 20;

  private final PipelineId id;
  private final Backlog backlog;
  private final BacklogEndings endings;
  private final Instant until;
  private final Executor reading;
  private final Later later;
  private final BooleanSupplier moreComes;
  private final Runnable over;
  private volatile boolean cancelled;

  // Of the dropping only, which is one task after the other.
  private long droppedRecords;
  private long droppedBytes;

  /**
   * @param until when what is left is dropped
   * @param moreComes whether something of it may be added before its time is over
   * @param over called once, when nothing is left, unless the pipeline has come back
   */
  Retirement(
      PipelineId id,
      Backlog backlog,
      BacklogEndings endings,
      Instant until,
      Executor reading,
      Later later,
      BooleanSupplier moreComes,
      Runnable over) {
    this.id = id;
    this.backlog = backlog;
    this.endings = endings;
    this.until = until;
    this.reading = reading;
    this.later = later;
    this.moreComes = moreComes;
    this.over = over;
  }

  void begin() {
    Place place = backlog.place();
    if (place.pendingBytes() > 0) {
      LOG.info(
          "event=pipeline_deleted pipeline={} records={} bytes={} delivers_until={}",
          id,
          place.pendingRecords(),
          place.pendingBytes(),
          until);
    }
    look();
  }

  /** The pipeline has come back. It needs another backlog if this one was closed already. */
  void cancel() {
    cancelled = true;
  }

  /** What is left at this moment. */
  Remainder remainder() {
    return new Remainder(until, backlog.place().pendingRecords(), backlog.place().pendingBytes());
  }

  private void look() {
    if (cancelled) {
      return;
    }
    Duration left = Duration.between(Instant.now(), until);
    if (nothingIsLeft() && !moreComes.getAsBoolean()) {
      end();
    } else if (left.isPositive()) {
      later.run(this::look, left.compareTo(LOOK) < 0 ? left : LOOK);
    } else {
      var _ = backlog.close(LAST_ATTEMPT).whenComplete((_, _) -> dropSoon());
    }
  }

  /** Neither in the journal, nor with a sender who waits for the backend. */
  private boolean nothingIsLeft() {
    return backlog.place().pendingBytes() == 0 && backlog.deliverer().state().deliveries() == 0;
  }

  private void dropSoon() {
    try {
      reading.execute(this::drop);
    } catch (RejectedExecutionException _) {
      // The node is being closed; the next process finds the rest, and its time to be over.
    }
  }

  /** Drops a portion, so that the pipelines take turns on the threads that read. */
  private void drop() {
    if (cancelled) {
      return;
    }
    Place place = backlog.place();
    boolean read;
    try {
      Portion portion = place.readHeaders(place.oldest(), READ_BYTES);
      read = !portion.records().isEmpty();
      portion.records().forEach(this::drop);
    } catch (IOException e) {
      // Whether it can be read or not, it is dropped.
      LOG.warn("event=journal_unreadable pipeline={} error=\"{}\"", id, e.toString());
      droppedRecords += place.pendingRecords();
      droppedBytes += place.pendingBytes();
      end();
      return;
    }
    if (place.pendingBytes() == 0) {
      end();
    } else if (read) {
      dropSoon();
    } else {
      // A request that came just before the end is still being written.
      later.run(this::dropSoon, LOOK);
    }
  }

  private void drop(StoredRecord record) {
    record.payload().release();
    if (endings.deleted(record.receipt())) {
      droppedRecords += record.receipt().records();
      droppedBytes += record.receipt().bytes();
    }
  }

  private void end() {
    if (droppedBytes > 0) {
      LOG.warn(
          "event=backlog_dropped pipeline={} reason=pipeline_deleted records={} bytes={}",
          id,
          droppedRecords,
          droppedBytes);
    } else {
      LOG.info("event=backlog_finished pipeline={} reason=pipeline_deleted", id);
    }
    over.run();
  }
}
