/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.delivery;

import io.caravan.otlp.OtlpBatch;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A delivery, or a part of one that had to be divided, that waits in a lane or is under way. */
final class Item {
  private final Progress progress;
  private final OtlpBatch batch;
  private final int records;
  private final int size;
  private int together = Integer.MAX_VALUE;

  Item(Progress progress, OtlpBatch batch) {
    this.progress = progress;
    this.batch = batch;
    this.records = batch.records();
    this.size = batch.size();
  }

  /** A part that is to go out alone: with another one it might be too large again. */
  static Item alone(Progress progress, OtlpBatch part) {
    Item item = new Item(progress, part);
    item.together = 1;
    return item;
  }

  Progress progress() {
    return progress;
  }

  OtlpBatch batch() {
    return batch;
  }

  int records() {
    return records;
  }

  /** The bytes of its request. */
  int size() {
    return size;
  }

  /** Nanoseconds until it is too old to be tried, 0 or less if it is. */
  long remaining(Duration maxAge, Timer timer) {
    long age = timer.epochMillis() - progress.delivery().acceptedAt();
    return TimeUnit.MILLISECONDS.toNanos(maxAge.toMillis() - age);
  }

  /** How many may go out in one portion with it. */
  int together() {
    return together;
  }

  /** A portion of so many did not pass, which may be due to any of them: half of them may. */
  void separate(int portion) {
    together = Math.min(together, (portion + 1) / 2);
  }
}
