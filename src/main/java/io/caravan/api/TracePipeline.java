/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.List;

/** A TracePipeline of {@code telemetry.kyma-project.io/v1beta1}. It takes every span that comes. */
public record TracePipeline(
    ObjectMeta metadata,
    Output output,
    List<TransformSpec> transform,
    List<FilterSpec> filter,
    Delivery delivery)
    implements Pipeline {

  public TracePipeline {
    transform = List.copyOf(transform);
    filter = List.copyOf(filter);
  }

  @Override
  public PipelineKind kind() {
    return PipelineKind.TRACE;
  }

  @Override
  public Pipeline with(ObjectMeta other) {
    return new TracePipeline(other, output, transform, filter, delivery);
  }
}
