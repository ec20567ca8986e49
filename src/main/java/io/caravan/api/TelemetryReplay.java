/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.time.Instant;
import java.util.Optional;

/**
 * A TelemetryReplay of {@code caravan.io/v1alpha1}: what a pipeline has delivered and retains, or
 * its dead letters, sent once more. It is done once and cannot be changed.
 *
 * @param pipeline whose data, {@code tracepipeline/demo}
 * @param to who gets it, a pipeline of the same signal; the same pipeline where empty
 * @param from what was accepted then or later; all that is there where empty
 * @param until what was accepted before; everything up to the beginning of the replay where empty
 * @param namespace only resources whose {@code k8s.namespace.name} this is
 * @param rate at most so many records a second on each node; positive
 */
public record TelemetryReplay(
    ObjectMeta metadata,
    String pipeline,
    Source source,
    Optional<String> to,
    Optional<Instant> from,
    Optional<Instant> until,
    Optional<String> namespace,
    Optional<Integer> rate) {

  /** Which data of the pipeline. */
  public enum Source {
    /** What it has delivered and retains. */
    JOURNAL,
    /** What its backend has refused; to the same pipeline, all of it. */
    DEAD_LETTERS
  }
}
