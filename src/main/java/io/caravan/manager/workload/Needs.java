/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the plan asks for and the cluster offers.
 *
 * @param components those that some valid pipeline needs
 * @param mesh where Istio is installed
 * @param verticalScaling where the VerticalPodAutoscaler is installed
 */
public record Needs(
    Set<Component> components, Optional<Mesh> mesh, Optional<VerticalScaling> verticalScaling) {

  public Needs {
    components = Collections.unmodifiableSet(copy(components));
  }

  private static EnumSet<Component> copy(Set<Component> components) {
    EnumSet<Component> copy = EnumSet.noneOf(Component.class);
    copy.addAll(components);
    return copy;
  }

  /** These components, in a cluster without extensions. */
  public static Needs of(Set<Component> components) {
    return new Needs(components, Optional.empty(), Optional.empty());
  }

  /**
   * Istio.
   *
   * @param backendPorts the ports of the MetricPipelines' backends; the metric agent reaches those
   *     through its sidecar, and everything that it scrapes without
   */
  public record Mesh(SortedSet<Integer> backendPorts) {
    public Mesh {
      backendPorts = Collections.unmodifiableSortedSet(new TreeSet<>(backendPorts));
    }
  }

  /**
   * The VerticalPodAutoscaler.
   *
   * @param smallestNodeMemory bytes that may be allocated on the smallest node; empty while no node
   *     is known
   */
  public record VerticalScaling(OptionalLong smallestNodeMemory) {}
}
