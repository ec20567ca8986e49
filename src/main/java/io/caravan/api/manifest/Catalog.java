/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.Secret;
import io.caravan.api.Telemetry;
import io.caravan.api.manifest.Finding.Severity;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Collects what is found, and finds what is there twice. Not thread-safe. */
final class Catalog {

  private final Map<ResourceName, Location> places = new LinkedHashMap<>();
  private final Map<ResourceName, Found<?>> resources = new LinkedHashMap<>();
  private final Set<ResourceName> rejected = new LinkedHashSet<>();
  private final Set<String> unreadable = new LinkedHashSet<>();
  private final List<Finding> findings = new ArrayList<>();

  void add(Finding finding) {
    findings.add(finding);
  }

  /** Findings of one source, which are put into the order of its lines. */
  void addSorted(List<Finding> ofSource) {
    ofSource.stream()
        .sorted(
            java.util.Comparator.comparingInt((Finding finding) -> finding.location().line())
                .thenComparingInt(finding -> finding.location().column()))
        .forEach(findings::add);
  }

  void addUnreadable(String source) {
    unreadable.add(source);
  }

  /**
   * Takes note of a name, before anything is known of the resource.
   *
   * @return the place where the same name has been found before
   */
  Optional<Location> claim(ResourceName name, Location location) {
    Optional<Location> first = Optional.ofNullable(places.putIfAbsent(name, location));
    if (first.isPresent()) {
      reject(name);
    }
    return first;
  }

  void reject(ResourceName name) {
    rejected.add(name);
  }

  void accept(ResourceName name, Found<?> resource) {
    resources.put(name, resource);
  }

  Manifests manifests() {
    return new Manifests(
        of(Pipeline.class),
        of(Telemetry.class),
        of(Secret.class),
        of(KameletSource.class),
        rejected,
        unreadable,
        findings);
  }

  private <T> List<Found<T>> of(Class<T> type) {
    Predicate<Map.Entry<ResourceName, Found<?>>> isValid =
        entry -> !rejected.contains(entry.getKey());
    return resources.entrySet().stream()
        .filter(isValid)
        .map(Map.Entry::getValue)
        .filter(found -> type.isInstance(found.resource()))
        .map(found -> new Found<>(type.cast(found.resource()), found.location(), found.json()))
        .toList();
  }

  static Finding error(Location location, String path, String message) {
    return new Finding(Severity.ERROR, location, path, message);
  }
}
