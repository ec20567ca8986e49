/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.otlp.OtlpBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * What has become of the parts of one delivery so far; it is one part as a rule. Holds the
 * delivery's batch, and the parts that were not delivered, until it is told. Guarded by its
 * deliverer's lock, but for {@link #tell}.
 */
final class Progress {
  private final Delivery delivery;
  private final Lane lane;
  private final long bytes;
  private final int records;
  private final List<Ending.Part> rest = new ArrayList<>(0);
  private int open = 1;
  private boolean divided;
  private int delivered;
  private int rejected;
  private String message = "";
  private boolean calledOff;

  Progress(Delivery delivery, Lane lane) {
    this.delivery = delivery;
    this.lane = lane;
    this.bytes = delivery.batch().footprint();
    this.records = delivery.batch().records();
  }

  Delivery delivery() {
    return delivery;
  }

  Lane lane() {
    return lane;
  }

  /** What it holds in memory. */
  long bytes() {
    return bytes;
  }

  int records() {
    return records;
  }

  /** Whether somebody waits for its end. */
  boolean isWaitedFor() {
    return delivery.until() != Delivery.FOR_EVER;
  }

  /** Nobody waits for it any more, who did. */
  void callOff() {
    calledOff = true;
  }

  boolean isCalledOff() {
    return calledOff;
  }

  boolean isDivided() {
    return divided;
  }

  /** One of its parts has become two. */
  void divide() {
    open++;
    divided = true;
  }

  /** A part was delivered, whose reference this takes over; true if it was the last one. */
  boolean delivered(OtlpBatch part, int rejectedRecords, String told) {
    delivered += part.records();
    rejected += rejectedRecords;
    message = message.isEmpty() ? told : message;
    if (part != delivery.batch()) {
      part.release();
    }
    return --open == 0;
  }

  /** A part has ended otherwise, whose reference this takes over; true if it was the last one. */
  boolean ended(OtlpBatch part, Ending ending) {
    rest.add(new Ending.Part(part, ending));
    return --open == 0;
  }

  /** Tells the listener, outside of the lock, and lets go of everything. */
  void tell() {
    try {
      delivery.listener().ended(delivery, ending());
    } finally {
      for (Ending.Part part : rest) {
        if (part.batch() != delivery.batch()) {
          part.batch().release();
        }
      }
      delivery.batch().release();
    }
  }

  private Ending ending() {
    if (rest.isEmpty()) {
      return new Ending.Delivered(rejected, message);
    }
    Ending first = rest.getFirst().ending();
    boolean alike = delivered == 0 && rest.stream().allMatch(part -> part.ending().equals(first));
    return alike ? first : new Ending.Divided(delivered, rejected, List.copyOf(rest));
  }
}
