/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.otlp.OtlpBatch;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Which records of a pipeline are wanted again.
 *
 * @param from when they came at the earliest; empty for all that are there
 * @param until before when they came; empty for all that are there
 * @param namespace the {@code k8s.namespace.name} of their resource; empty for any, and for none
 */
public record ReplayWindow(
    Optional<Instant> from, Optional<Instant> until, Optional<String> namespace) {
  /** Times are taken before records get their place in the journal, so they may be out of order. */
  private static final Duration DISORDER = Duration.ofMinutes(1);

  boolean contains(long time) {
    return !isBefore(time) && until.map(end -> time < end.toEpochMilli()).orElse(true);
  }

  boolean isBefore(long time) {
    return from.map(start -> time < start.toEpochMilli()).orElse(false);
  }

  /** Nothing that is wanted follows. */
  boolean isOver(long time) {
    return until.map(end -> time >= end.plus(DISORDER).toEpochMilli()).orElse(false);
  }

  /** What is wanted of a batch; it may hold no resource at all. The caller releases it. */
  OtlpBatch select(OtlpBatch batch) {
    return namespace.isEmpty()
        ? batch.retain()
        : batch.select(
            resource ->
                namespace.get().equals(batch.resourceAttribute(resource, Selection.NAMESPACE)));
  }
}
