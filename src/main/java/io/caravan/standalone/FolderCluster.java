/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.manifest.Finding;
import io.caravan.api.manifest.Finding.Severity;
import io.caravan.api.manifest.Location;
import io.caravan.api.manifest.Manifests;
import io.caravan.api.manifest.ResourceName;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
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

  /**
   * @param resource empty where the version there is wrong or unknown
   */
  private record Place(Location location, Optional<Named> resource) {
    boolean isIn(String source) {
      return location.source().equals(source);
    }
  }

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

  /**
   * What was in effect when the process before this one ended, and is as long as its newest version
   * is wrong.
   */
  void wasThere(List<Named> resources) {
    resources.forEach(one -> held.put(one.name(), new Held(one, null)));
  }

  /**
   * Decides for the first time: what is gone now has been gone for long.
   *
   * @param unknown whether nobody can tell what is in a file
   */
  void begin(Instant now, Predicate<Path> unknown) {
    var _ = settle(now);
    held.values()
        .removeIf(
            one ->
                one.missingSince() != null
                    && !unknown.test(Path.of(one.resource().location().source())));
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
    Set<String> unreadable = unreadable();
    SortedMap<ResourceName, List<Place>> places = places(unreadable);
    ambiguities =
        places.entrySet().stream()
            .filter(entry -> entry.getValue().size() > 1)
            .map(entry -> ambiguous(entry.getKey(), entry.getValue()))
            .toList();
    places.forEach(
        (name, all) -> {
          if (all.size() == 1) {
            all.getFirst().resource().ifPresent(one -> held.put(name, new Held(one, null)));
          }
        });
    held.replaceAll((name, one) -> lookFor(one, places.keySet(), unreadable, now));
    held.values().removeIf(one -> expired(one, now));
    return held.values().stream()
        .map(Held::missingSince)
        .flatMap(Stream::ofNullable)
        .min(Comparator.naturalOrder())
        .map(since -> since.plus(grace));
  }

  /**
   * Where each name stands, a place a file. A version that is wrong counts, and so does what is in
   * effect from a file that cannot be read any more: otherwise a slip in one of two files would put
   * the other one's version into effect.
   */
  private SortedMap<ResourceName, List<Place>> places(Set<String> unreadable) {
    SortedMap<ResourceName, List<Place>> places = new TreeMap<>(ORDER);
    files.forEach(
        (file, manifests) -> {
          for (Named one : Named.allOf(manifests)) {
            add(places, one.name(), new Place(one.location(), Optional.of(one)));
          }
          for (ResourceName name : manifests.rejected()) {
            Location whole = Location.of(file.toString());
            add(places, Named.inFolder(name), new Place(whole, Optional.empty()));
          }
        });
    for (Held one : held.values()) {
      Location location = one.resource().location();
      List<Place> found = places.getOrDefault(one.resource().name(), List.of());
      if (unreadable.contains(location.source())
          && !found.isEmpty()
          && found.stream().noneMatch(place -> place.isIn(location.source()))) {
        Location whole = Location.of(location.source());
        add(places, one.resource().name(), new Place(whole, Optional.empty()));
      }
    }
    return places;
  }

  private static void add(
      SortedMap<ResourceName, List<Place>> places, ResourceName name, Place place) {
    places.computeIfAbsent(name, any -> new ArrayList<>()).add(place);
  }

  private static Finding ambiguous(ResourceName name, List<Place> places) {
    String all =
        places.stream()
            .map(place -> place.location().toString())
            .sorted()
            .collect(Collectors.joining(" and "));
    return new Finding(
        Severity.ERROR,
        places.getLast().location(),
        "metadata.name",
        "%s is in %s; it must be in one place only, and until then none of these versions is taken"
            .formatted(name, all));
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
    boolean known = one.missingSince() != null && !one.missingSince().isAfter(now);
    return known ? one : new Held(one.resource(), now); // also where the clock was set back
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
