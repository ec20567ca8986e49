/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.delivery.Deliverer;
import io.caravan.delivery.Delivery;
import io.caravan.journal.Receipt;
import io.caravan.journal.StoredRecord;
import io.caravan.otlp.MalformedOtlpException;
import io.caravan.otlp.OtlpBatch;
import io.caravan.otlp.Signal;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers the records of one pipeline's backlog to its deliverer, and has their ends posted.
 * Thread-safe.
 */
final class BacklogFeed {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  private final String pipeline;
  private final Signal signal;
  private final Deliverer deliverer;
  private final BacklogEndings endings;
  private final Retention.OfPipeline retained;

  /**
   * @param pipeline for what is logged
   */
  BacklogFeed(
      String pipeline,
      Signal signal,
      Deliverer deliverer,
      BacklogEndings endings,
      Retention.OfPipeline retained) {
    this.pipeline = pipeline;
    this.signal = signal;
    this.deliverer = deliverer;
    this.endings = endings;
    this.retained = retained;
  }

  /** Takes over the reference to the batch, unless the deliverer has no room: then it is false. */
  boolean offer(Arrival arrival) {
    Receipt receipt = arrival.receipt();
    return deliverer.offer(
        new Delivery(
            arrival.batch(),
            arrival.sender(),
            arrival.time(),
            receipt.position(),
            (delivery, ending) -> {
              retained.ended(receipt.position(), ending);
              endings.ended(receipt, delivery, ending);
            }));
  }

  /**
   * Takes over the records' payloads.
   *
   * @return the position of the first for which the deliverer had no room; empty if it took all
   */
  OptionalLong offer(List<StoredRecord> records) {
    for (int i = 0; i < records.size(); i++) {
      if (!offer(records.get(i))) {
        records.subList(i + 1, records.size()).forEach(record -> record.payload().release());
        return OptionalLong.of(records.get(i).position());
      }
    }
    return OptionalLong.empty();
  }

  /** Takes over the record's payload; false if the deliverer has no room for it. */
  private boolean offer(StoredRecord record) {
    OtlpBatch batch;
    try {
      batch = StoredBatch.of(signal, record);
    } catch (MalformedOtlpException e) {
      // Its checksum is right, so it was indexed when it came: a fault of ours, and none to wait
      // for.
      LOG.error(
          "event=journal_record_unusable pipeline={} position={}", pipeline, record.position(), e);
      retained.notDelivered(record.position());
      endings.unusable(record.receipt());
      return true;
    }
    if (offer(new Arrival(record.receipt(), batch, record.lane(), record.time()))) {
      return true;
    }
    batch.release();
    return false;
  }

  /**
   * Gives records up which the deliverer was not offered. Takes over their payloads.
   *
   * @return their bytes
   */
  long displace(List<StoredRecord> records) {
    long freed = 0;
    for (StoredRecord record : records) {
      record.payload().release();
      freed += record.receipt().bytes();
      retained.notDelivered(record.position());
      endings.displaced(record.receipt());
    }
    return freed;
  }
}
