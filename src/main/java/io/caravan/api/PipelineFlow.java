/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a pipeline's records in one process, and what waits there. All that have had its
 * name are counted together. The counts only grow, but for the start of another process.
 *
 * @param accepted records that it took: new ones, replayed ones, and those of other folders
 * @param delivered records that the backend has
 * @param deadLettered records that were ever put aside
 * @param dropped records that were given up, by reason
 * @param refused records that their senders were not told OK for, by reason
 */
public record PipelineFlow(
    long accepted,
    long delivered,
    long deadLettered,
    SortedMap<String, Long> dropped,
    SortedMap<String, Long> refused,
    Waiting waiting) {

  /** Copies the maps. */
  public PipelineFlow {
    dropped = Collections.unmodifiableSortedMap(new TreeMap<>(dropped));
    refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
  }

  /**
   * What waits for delivery, or is on its way.
   *
   * @param bytes as they were when the pipeline took them
   * @param most what it may be at this moment; 0 where nothing is kept
   * @param oldest when what waits longest was accepted; empty if nothing waits
   */
  public record Waiting(long bytes, long most, Optional<Instant> oldest) {
    /** Nothing waits, because nothing is kept. */
    public static final Waiting NONE = new Waiting(0, 0, Optional.empty());
  }
}
