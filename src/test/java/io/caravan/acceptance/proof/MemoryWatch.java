/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.acceptance.proof;

import io.caravan.acceptance.fixture.CaravanProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The highest resident set of a process that may be started again, as Linux knows it. */
final class MemoryWatch implements AutoCloseable {
  private static final Pattern HIGH_WATER = Pattern.compile("VmHWM:\\s*(\\d+) kB");

  private final CaravanProcess caravan;
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile long peakKib;

  /** Watches a process that was started. */
  MemoryWatch(CaravanProcess caravan) {
    this.caravan = caravan;
    Thread.ofPlatform().daemon().name("memory watch").start(this::watch);
  }

  private void watch() {
    try {
      do {
        peakKib = Math.max(peakKib, highWaterKib());
      } while (!end.await(200, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long highWaterKib() {
    Path status = Path.of("/proc", Long.toString(caravan.process().pid()), "status");
    try {
      return HIGH_WATER
          .matcher(Files.readString(status))
          .results()
          .mapToLong(match -> Long.parseLong(match.group(1)))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      // It has just ended.
      return 0;
    }
  }

  /** The peak of all processes so far, in MiB. */
  long peakMebibytes() {
    peakKib = Math.max(peakKib, highWaterKib());
    return peakKib >> 10;
  }

  @Override
  public void close() {
    end.countDown();
  }
}
