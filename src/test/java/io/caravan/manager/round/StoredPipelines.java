/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.round;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Pipelines as an API server has them. */
final class StoredPipelines {
  private StoredPipelines() {}

  /** One whose endpoint is that text, in generation 1. */
  static GenericKubernetesResource trace(String name, String endpoint) {
    return read("TracePipeline", name, "{otlp: {endpoint: {value: '%s'}}}".formatted(endpoint));
  }

  /** One whose endpoint is in a Secret. */
  static GenericKubernetesResource traceWithSecret(String name, String secret, String key) {
    return read(
        "TracePipeline",
        name,
        "{otlp: {endpoint: {valueFrom: {secretKeyRef: {name: %s, namespace: apps, key: %s}}}}}"
            .formatted(secret, key));
  }

  /** One of a kind, with that output. */
  static GenericKubernetesResource read(String kind, String name, String output) {
    return Serialization.unmarshal(
        """
        apiVersion: telemetry.kyma-project.io/v1beta1
        kind: %s
        metadata:
          name: %s
          uid: uid-of-%s
          generation: 1
          creationTimestamp: '2026-11-22T07:00:00Z'
        spec: {output: %s}
        """
            .formatted(kind, name, name, output),
        GenericKubernetesResource.class);
  }
}
