/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import io.caravan.api.Remainder;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The deleted pipelines that still have something in the journal. Thread-safe. */
final class Retirements {
  private final Map<PipelineId, Retirement> all = new ConcurrentHashMap<>();

  boolean has(PipelineId id) {
    return all.containsKey(id);
  }

  void add(PipelineId id, Retirement retirement) {
    all.put(id, retirement);
    retirement.begin();
  }

  void remove(PipelineId id) {
    all.remove(id);
  }

  /** Whether the pipeline was deleted, and has come back. */
  boolean cancel(PipelineId id) {
    @Nullable Retirement retirement = all.remove(id);
    if (retirement != null) {
      retirement.cancel();
    }
    return retirement != null;
  }

  /** What each of them has left. */
  SortedMap<PipelineId, Remainder> remainders() {
    SortedMap<PipelineId, Remainder> remainders = new TreeMap<>();
    all.forEach((id, retirement) -> remainders.put(id, retirement.remainder()));
    return remainders;
  }
}
