/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.OtlpBatch;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * What a replay has on its way to the disk, in order: many at once, since one sync answers many.
 * What they were made of is let go of when they are durable, never before. Used by one thread.
 */
final class AppendsUnderWay {
  private static final int MOST = 64;

  /** Is told of each that is durable. */
  @FunctionalInterface
  interface Durable {
    void count(int records, long bytes);
  }

  private record Append(
      CompletableFuture<Void> durable, ReplaySource.Taken taken, int records, long bytes) {}

  private final Readmission readmission;
  private final Durable durable;
  private final Deque<Append> appends = new ArrayDeque<>();

  AppendsUnderWay(Readmission readmission, Durable durable) {
    this.readmission = readmission;
    this.durable = durable;
  }

  /**
   * Appends a batch whose bytes are reserved, and takes over the reference to it. May wait for
   * others.
   *
   * @throws IOException as {@link #settle} does
   */
  void add(OtlpBatch batch, ReplaySource.Taken taken) throws IOException {
    int records = batch.records();
    long bytes = batch.size();
    appends.add(new Append(readmission.append(batch), taken, records, bytes));
    if (appends.size() >= MOST) {
      settleOldest();
    }
  }

  /**
   * Waits for all, also when one fails.
   *
   * @throws IOException the first failure: the disk cannot be written, or what was sent again
   *     cannot be let go of
   */
  void settle() throws IOException {
    IOException failure = null;
    while (!appends.isEmpty()) {
      try {
        settleOldest();
      } catch (IOException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void settleOldest() throws IOException {
    Append oldest = appends.remove();
    try {
      oldest.durable.join();
    } catch (CompletionException e) {
      throw new IOException("the disk of --data cannot be written: " + e.getCause(), e);
    }
    durable.count(oldest.records, oldest.bytes);
    oldest.taken.letGo();
  }
}
