/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pods that a workload makes. */
public record Pods(HasMetadata workload, LabelSelector selector, PodTemplateSpec template) {

  /** Those of all workloads among some objects. */
  public static List<Pods> of(List<? extends HasMetadata> objects) {
    return objects.stream().map(Pods::of).flatMap(Optional::stream).toList();
  }

  private static Optional<Pods> of(HasMetadata object) {
    return Optional.ofNullable(
        switch (object) {
          case DaemonSet set ->
              new Pods(set, set.getSpec().getSelector(), set.getSpec().getTemplate());
          case Deployment set ->
              new Pods(set, set.getSpec().getSelector(), set.getSpec().getTemplate());
          case StatefulSet set ->
              new Pods(set, set.getSpec().getSelector(), set.getSpec().getTemplate());
          default -> null;
        });
  }

  public PodSpec spec() {
    return template.getSpec();
  }

  Map<String, String> labels() {
    return template.getMetadata().getLabels();
  }

  boolean matches(Map<String, String> wanted) {
    return labels().entrySet().containsAll(wanted.entrySet());
  }

  /** The numbers of the ports that the containers have. */
  Set<Integer> ports() {
    return spec().getContainers().stream()
        .flatMap(container -> container.getPorts().stream())
        .map(port -> port.getContainerPort())
        .collect(Collectors.toSet());
  }

  public Stream<Container> containers() {
    return Stream.concat(spec().getInitContainers().stream(), spec().getContainers().stream());
  }

  @Override
  public String toString() {
    return workload.getFullResourceName() + "/" + workload.getMetadata().getName();
  }
}
