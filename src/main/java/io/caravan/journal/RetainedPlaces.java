/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.List;
import java.util.Optional;

/**
 * Places that hold what other places have done with, so that it can be read again: each is the
 * companion of another place, and a target of the same records. Thread-safe.
 *
 * <p>A companion is granted every byte that it asks for and has no share of the journal's bytes, so
 * that nobody is ever refused because of it. In return whoever fills it has to let go of its oldest
 * records as soon as there is an {@link #excess}.
 */
public final class RetainedPlaces {
  private static final String PREFIX = "retained:";

  private final Places places;
  private final Bounds bounds;
  private final Places.Creating creating;

  RetainedPlaces(Places places, Bounds bounds, Places.Creating creating) {
    this.places = places;
    this.bounds = bounds;
    this.creating = creating;
  }

  static boolean isId(String id) {
    return id.startsWith(PREFIX);
  }

  /** The companion of a place, which is created, empty, if it has none. */
  public Place place(Place of) {
    Place place = places.get(PREFIX + of.id(), creating);
    place.touch();
    return place;
  }

  public Optional<Place> find(Place of) {
    return places.find(PREFIX + of.id());
  }

  /** Lets go of all that the companion of a place holds, if it has one. */
  public void remove(Place of) {
    find(of).ifPresent(this::removeCompanion);
  }

  private void removeCompanion(Place companion) {
    places.remove(companion);
    companion.remove();
  }

  /** Lets go of what is left of places that are there no longer. */
  void removeOrphans() {
    for (Place companion : companions()) {
      if (places.find(owner(companion)).isEmpty()) {
        removeCompanion(companion);
      }
    }
  }

  private static String owner(Place companion) {
    return companion.id().substring(PREFIX.length());
  }

  private List<Place> companions() {
    return places.all().stream().filter(place -> isId(place.id())).toList();
  }

  /** The bytes that the companion of a place holds and the place itself does not; about. */
  public long bytes(Place of) {
    return find(of)
        .map(companion -> Math.max(0, companion.pendingBytes() - of.pendingBytes()))
        .orElse(0L);
  }

  /**
   * How many bytes companions have to let go of, so that the journal stays within its bytes and the
   * file system keeps a half more free than appends need.
   */
  public long excess() {
    long retained = 0;
    for (Place companion : companions()) {
      retained += places.find(owner(companion)).map(this::bytes).orElse(0L);
    }
    return retained == 0 ? 0 : bounds.excess(retained);
  }
}
