/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.PipelineId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Of which deleted pipelines the journals of other processes have something that is to be moved
 * here. Thread-safe.
 */
final class ExpectedRests {
  private final Map<PipelineId, Integer> journals = new ConcurrentHashMap<>();

  /** One journal more has something. */
  void add(PipelineId id) {
    journals.merge(id, 1, Integer::sum);
  }

  /** One journal has nothing any more, or is left alone. */
  void remove(PipelineId id) {
    journals.computeIfPresent(id, (_, count) -> count == 1 ? null : count - 1);
  }

  boolean has(PipelineId id) {
    return journals.containsKey(id);
  }
}
