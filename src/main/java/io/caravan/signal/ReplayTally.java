/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.signal.ReplayProgress.State;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Counts what a replay has sent and left out, and knows how it stands. Thread-safe. */
final class ReplayTally {
  private static final int MOST_REASONS = 100;

  // Guarded by this.
  private State state = State.RUNNING;
  private String note = "";
  private OptionalLong found = OptionalLong.empty();
  private long batches;
  private long records;
  private long bytes;
  private long leftOut;
  private final List<String> reasons = new ArrayList<>();

  /** How many records there are to be sent; empty if that is not known. */
  synchronized void found(OptionalLong all) {
    found = all;
  }

  /** A batch is on the disk. */
  synchronized void durable(int more, long moreBytes) {
    batches++;
    records += more;
    bytes += moreBytes;
  }

  /** Something was not sent; the reasons of the first hundred are kept. */
  synchronized void leftOut(String why) {
    leftOut++;
    if (reasons.size() < MOST_REASONS) {
      reasons.add(why);
    }
  }

  /** How it stands from now on, and why. */
  synchronized void now(State next, String why) {
    state = next;
    note = why;
  }

  /** This moment's view. */
  synchronized ReplayProgress progress(long id, String what, String about) {
    return new ReplayProgress(
        id, what, about, state, note, found, batches, records, bytes, leftOut, reasons);
  }
}
