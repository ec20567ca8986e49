/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import io.caravan.api.Pipeline;
import io.caravan.api.PipelineId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

/** A stored pipeline, as far as it can be read. */
public sealed interface ReadPipeline {

  PipelineId id();

  /** As it is stored, with its status. */
  GenericKubernetesResource resource();

  /** One that is valid. */
  record Valid(PipelineId id, GenericKubernetesResource resource, Pipeline pipeline)
      implements ReadPipeline {}

  /**
   * One that is not: it was stored before a rule was there.
   *
   * @param why all that is wrong with it, for people
   */
  record Invalid(PipelineId id, GenericKubernetesResource resource, String why)
      implements ReadPipeline {}
}
