/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

/** A pipeline's name, which is unique among its kind. Pipelines are cluster-scoped. */
public record PipelineId(PipelineKind kind, String name) implements Comparable<PipelineId> {

  /** {@code tracepipeline/demo}: as in metrics, logs and messages. */
  @Override
  public String toString() {
    return kind.singular() + "/" + name;
  }

  @Override
  public int compareTo(PipelineId other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }
}
