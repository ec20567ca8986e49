/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.Map;
import java.util.Optional;

/**
 * What this program reads of a resource's metadata.
 *
 * @param namespace empty for cluster-scoped resources, which the pipelines are
 */
public record ObjectMeta(
    String name,
    Optional<String> namespace,
    Map<String, String> labels,
    Map<String, String> annotations) {

  public ObjectMeta {
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }
}
