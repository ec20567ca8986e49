/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.manifest.Finding;
import io.caravan.api.manifest.Finding.Severity;
import io.caravan.api.manifest.Manifests;
import io.caravan.api.manifest.ResourceName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The resources of some folders as they are in effect: of each the last good version.
 *
 * <p>A resource whose newest version is wrong, or stands in a file that cannot be read, or has
 * become ambiguous because two places hold it, stays as it was. One that vanishes is deleted only
 * after a grace: tools that write a file by removing it first are common. Knows no clock and no
 * files; not thread-safe.
 */
final class FolderCluster {
  private static final Comparator<ResourceName> ORDER =
      Comparator.comparing(ResourceName::toString);

  private record Held(Named resource, @Nullable Instant missingSince) {}

  private final Duration grace;
  private final SortedMap<Path, Manifests> files = new TreeMap<>();
  private final SortedMap<ResourceName, Held> held = new TreeMap<>(ORDER);
  private List<Finding> ambiguities = List.of();

  /**
   * @param grace how long a resource that is gone stays in effect
   */
  FolderCluster(Duration grace) {
    this.grace = grace;
  }

  /** A file's newest content. Takes effect with {@link #settle}. */
  void read(Path file, Manifests manifests) {
    files.put(file, manifests);
  }

  /** A file that is not there any more. Takes effect with {@link #settle}. */
  void gone(Path file) {
    files.remove(file);
  }

  /**
   * Decides what is in effect now.
   *
   * @return when to call this again although no file has changed
   */
  Optional<Instant> settle(Instant now) {
    SortedMap<ResourceName, List<Named>> present = present();
    ambiguities =
        present.values().stream()
            .filter(places -> places.size() > 1)
            .map(FolderCluster::ambiguous)
            .toList();
    present.forEach(
        (name, places) -> {
          if (places.size() == 1) {
            held.put(name, new Held(places.getFirst(), null));
          }
        });
    Set<ResourceName> accountedFor = new HashSet<>(present.keySet());
    files.values().forEach(file -> accountedFor.addAll(names(file.rejected())));
    Set<String> unreadable = unreadable();
    held.replaceAll((name, one) -> lookFor(one, accountedFor, unreadable, now));
    held.values().removeIf(one -> expired(one, now));
    return held.values().stream()
        .map(Held::missingSince)
        .flatMap(Stream::ofNullable)
        .min(Comparator.naturalOrder())
        .map(since -> since.plus(grace));
  }

  private SortedMap<ResourceName, List<Named>> present() {
    SortedMap<ResourceName, List<Named>> present = new TreeMap<>(ORDER);
    for (Manifests manifests : files.values()) {
      for (Named resource : Named.allOf(manifests)) {
        present.computeIfAbsent(resource.name(), name -> new ArrayList<>()).add(resource);
      }
    }
    return present;
  }

  private static Finding ambiguous(List<Named> places) {
    String all =
        places.stream()
            .map(place -> place.location().toString())
            .collect(Collectors.joining(" and "));
    return new Finding(
        Severity.ERROR,
        places.getLast().location(),
        "metadata.name",
        "%s is in %s; it must be in one place only, and until then none of these versions is taken"
            .formatted(places.getFirst().name(), all));
  }

  private static Set<ResourceName> names(Collection<ResourceName> names) {
    return names.stream().map(Named::inFolder).collect(Collectors.toSet());
  }

  private Set<String> unreadable() {
    return files.values().stream()
        .flatMap(file -> file.unreadable().stream())
        .collect(Collectors.toSet());
  }

  private static Held lookFor(
      Held one, Set<ResourceName> accountedFor, Set<String> unreadable, Instant now) {
    boolean there =
        accountedFor.contains(one.resource().name())
            || unreadable.contains(one.resource().location().source());
    if (there) {
      return new Held(one.resource(), null);
    }
    return one.missingSince() == null ? new Held(one.resource(), now) : one;
  }

  private boolean expired(Held one, Instant now) {
    return one.missingSince() != null && !one.missingSince().plus(grace).isAfter(now);
  }

  /** Everything there is to say about the files as they are. */
  List<Finding> findings() {
    return Stream.concat(
            files.values().stream().flatMap(file -> file.findings().stream()), ambiguities.stream())
        .toList();
  }

  /** What is in effect, in the order of kind and name. */
  List<Named> resources() {
    return held.values().stream().map(Held::resource).toList();
  }
}
