/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.List;

/**
 * A pipeline of any kind, as it is in effect: the defaults are applied, and an optional object that
 * the manifest leaves out is there with everything in it off or empty.
 */
public sealed interface Pipeline permits LogPipeline, MetricPipeline, TracePipeline {

  ObjectMeta metadata();

  PipelineKind kind();

  default PipelineId id() {
    return new PipelineId(kind(), metadata().name(), metadata().uid().orElse(""));
  }

  /** The same with other metadata. */
  Pipeline with(ObjectMeta other);

  /** Where the pipeline delivers. A valid manifest has exactly one. */
  Output output();

  /** OTTL transformations, in their order. */
  List<TransformSpec> transform();

  /** OTTL filters; a record for which any of them holds is dropped. */
  List<FilterSpec> filter();

  /** How much may wait for delivery, for how long, and what happens beyond that. */
  Delivery delivery();
}
