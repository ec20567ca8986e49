/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import java.util.List;
import java.util.OptionalLong;

/**
 * How far a replay is.
 *
 * @param id a number to ask for it with
 * @param what it sends, and where: {@code dead letters of tracepipeline/demo}
 * @param about how much there is of that; may be empty
 * @param state what it does now
 * @param note why it waits, stopped or failed; empty if there is nothing to say
 * @param found how many records there were to be sent when it began; empty where only sending tells
 * @param batches that are in the backlog of the pipeline now, on disk
 * @param records in them
 * @param bytes of them
 * @param leftOut how many batches could not be sent
 * @param reasons why, for the first of them
 */
public record ReplayProgress(
    long id,
    String what,
    String about,
    State state,
    String note,
    OptionalLong found,
    long batches,
    long records,
    long bytes,
    long leftOut,
    List<String> reasons) {

  /** What a replay does. */
  public enum State {
    RUNNING,
    /** The pipeline has no room for it at the moment. */
    WAITING,
    /** All is in the backlog. */
    DONE,
    /** Somebody wanted it to end. */
    STOPPED,
    FAILED;

    /** Whether it will not go on. */
    public boolean ended() {
      return this == DONE || this == STOPPED || this == FAILED;
    }
  }

  public ReplayProgress {
    reasons = List.copyOf(reasons);
  }
}
