/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTerm;
import io.fabric8.kubernetes.api.model.WeightedPodAffinityTermBuilder;

/** Replicas that prefer other nodes and zones than their fellows'. */
final class Apart {
  private Apart() {}

  static Affinity of(Component component) {
    return new AffinityBuilder()
        .withNewPodAntiAffinity()
        .withPreferredDuringSchedulingIgnoredDuringExecution(
            from(component, "kubernetes.io/hostname"),
            from(component, "topology.kubernetes.io/zone"))
        .endPodAntiAffinity()
        .build();
  }

  private static WeightedPodAffinityTerm from(Component component, String topology) {
    return new WeightedPodAffinityTermBuilder()
        .withWeight(100)
        .withNewPodAffinityTerm()
        .withTopologyKey(topology)
        .withNewLabelSelector()
        .withMatchLabels(Labels.selector(component))
        .endLabelSelector()
        .endPodAffinityTerm()
        .build();
  }
}
