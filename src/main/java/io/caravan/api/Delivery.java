/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.time.Duration;
import java.util.Optional;

/**
 * {@code spec.delivery} as it is in effect: how much a pipeline may keep, for how long, and what it
 * does when that is not enough. An addition of ours; docs/delivery.md says what each setting is
 * good for.
 *
 * @param acknowledge when a sender hears OK
 * @param buffer what may wait for delivery
 * @param whenFull what becomes of data that the buffer has no room for
 * @param order which batches wait for each other
 * @param retry how long is waited before a failed batch is tried again
 * @param onDelete for how long the backlog of a deleted pipeline is still delivered; not negative
 * @param retain what is kept for replay after it was delivered; nothing where empty
 * @param holdInput for how long an input that Caravan itself reads waits for a pipeline that
 *     refuses; not negative
 */
public record Delivery(
    Acknowledge acknowledge,
    Buffer buffer,
    WhenFull whenFull,
    Order order,
    Retry retry,
    Duration onDelete,
    Optional<Retain> retain,
    Duration holdInput) {

  /** What a manifest that says nothing gets. The definitions repeat it in their descriptions. */
  public static final Delivery DEFAULT =
      new Delivery(
          Acknowledge.DISK,
          new Buffer(1L << 30, Duration.ofHours(24)),
          WhenFull.REFUSE,
          Order.SENDER,
          new Retry(Duration.ofSeconds(1), Duration.ofSeconds(30)),
          Duration.ofMinutes(10),
          Optional.empty(),
          Duration.ofSeconds(60));

  /** The same with another moment at which a sender hears OK. */
  public Delivery acknowledging(Acknowledge moment) {
    return new Delivery(moment, buffer, whenFull, order, retry, onDelete, retain, holdInput);
  }

  /** When a sender hears OK; {@code toString} is the manifest's word, as with the enums below. */
  public enum Acknowledge {
    /** When the batch is in memory. A crash loses what was not written yet. */
    MEMORY("memory"),
    /** When the batch is on disk, synced. */
    DISK("disk"),
    /** When the backend has the batch. */
    DELIVERED("delivered");

    private final String word;

    Acknowledge(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * What may wait for delivery.
   *
   * @param size in bytes; positive
   * @param age since acceptance; positive. What is older is given up
   */
  public record Buffer(long size, Duration age) {}

  /** What becomes of data that the buffer has no room for. */
  public enum WhenFull {
    /** The sender is asked to come again. */
    REFUSE("refuse"),
    /** The oldest data of the buffer makes room. */
    DROP_OLDEST("dropOldest"),
    /** The new data is dropped; the sender hears OK. */
    DROP_NEWEST("dropNewest");

    private final String word;

    WhenFull(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** Which batches wait for each other. */
  public enum Order {
    /** Those of one sender: they arrive in the order in which they were accepted. */
    SENDER("sender"),
    /** None. */
    NONE("none");

    private final String word;

    Order(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * The waits between attempts: random, and at most twice as long each time.
   *
   * @param initial bound of the first wait; positive
   * @param max bound of every wait; not below {@code initial}
   */
  public record Retry(Duration initial, Duration max) {}

  /**
   * What is kept after it was delivered. At least one bound is there; where both are, the one that
   * is reached first holds.
   *
   * @param size in bytes; positive
   */
  public record Retain(Optional<Duration> age, Optional<Long> size) {}
}
