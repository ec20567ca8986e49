/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.Map;

/**
 * What a component's container asks for and may take. No bound on CPU: it would only throttle. The
 * same for any number of pipelines, which share the memory for requests on their way and else cost
 * little.
 *
 * @param cpu requested, in Kubernetes' notation
 * @param memory requested
 * @param limit of memory, without a VerticalPodAutoscaler
 */
record Sizing(String cpu, Bytes memory, Bytes limit) {

  static Sizing of(Component component) {
    return switch (component) {
      case GATEWAY -> new Sizing("100m", Bytes.mebi(256), Bytes.gibi(1));
      case LOG_AGENT, METRIC_AGENT -> new Sizing("15m", Bytes.mebi(192), Bytes.mebi(768));
    };
  }

  /** With a VerticalPodAutoscaler, which keeps the ratio of limit and request. */
  Sizing scaled() {
    return new Sizing(cpu, memory, new Bytes(2 * memory.count()));
  }

  ResourceRequirements requirements() {
    return new ResourceRequirementsBuilder()
        .withRequests(Map.of("cpu", new Quantity(cpu), "memory", memory.quantity()))
        .withLimits(Map.of("memory", limit.quantity()))
        .build();
  }
}
