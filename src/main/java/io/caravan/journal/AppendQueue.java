/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.ArrayList;
import java.util.List;

/** What waits to be written. Thread-safe; to add never waits for the disk. */
final class AppendQueue {
  // Guarded by this.
  private List<Append> waiting = new ArrayList<>();
  private boolean closed;

  /** Whether it was taken: not if the queue is closed. */
  synchronized boolean add(Append append) {
    if (closed) {
      return false;
    }
    waiting.add(append);
    if (waiting.size() == 1) {
      notifyAll();
    }
    return true;
  }

  /** Waits for something and takes all there is; empty when the queue is closed and empty. */
  synchronized List<Append> take() throws InterruptedException {
    while (waiting.isEmpty() && !closed) {
      wait();
    }
    List<Append> taken = waiting;
    waiting = new ArrayList<>();
    return taken;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
