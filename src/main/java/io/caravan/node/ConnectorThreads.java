/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of one pipeline whose connector may block. Thread-safe.
 *
 * <p>They are the pipeline's own, and the operating system's: one that waits for a hung disk, or
 * for a pipe that nobody reads, would hold one of the few carriers of all virtual threads, and two
 * of them everybody. An idle pipeline has none.
 */
final class ConnectorThreads implements Executor {
  /** What camel-http keeps open to one address at most; batches beyond it wait their turn. */
  static final int MAX = 20;

  private static final long IDLE_SECONDS = 5;

  private final ThreadPoolExecutor threads;

  ConnectorThreads(String pipeline) {
    threads =
        new ThreadPoolExecutor(
            MAX,
            MAX,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name(pipeline + "-", 1).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * @throws java.util.concurrent.RejectedExecutionException after {@link #retire}
   */
  @Override
  public void execute(Runnable batch) {
    threads.execute(batch);
  }

  /** Takes nothing more; what waits is still run, and each thread ends with the last batch. */
  void retire() {
    threads.shutdown();
  }
}
