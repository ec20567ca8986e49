/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.journal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The places of a journal, by id and by number; no number is given twice. Thread-safe. */
final class Places {
  /** Makes a place of a number and an id. */
  @FunctionalInterface
  interface Creating {
    Place create(int number, String id);
  }

  private final Map<String, Place> byId = new LinkedHashMap<>();
  private final TreeMap<Integer, Place> byNumber = new TreeMap<>();
  private int next = 1;

  /** The place of this id, which is created if there is none. */
  synchronized Place get(String id, Creating creating) {
    Place there = byId.get(id);
    if (there != null) {
      return there;
    }
    Place place = creating.create(next, id);
    add(place);
    return place;
  }

  /** Adds a place that was there before. */
  synchronized void add(Place place) {
    byId.put(place.id(), place);
    byNumber.put(place.number(), place);
    numberSeen(place.number());
  }

  /** A place of this number was there once, and must not be again. */
  synchronized void numberSeen(int number) {
    next = Math.max(next, number + 1);
  }

  synchronized Optional<Place> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  synchronized void remove(Place place) {
    if (byNumber.remove(place.number()) != null) {
      byId.remove(place.id());
    }
  }

  synchronized List<Place> all() {
    return new ArrayList<>(byNumber.values());
  }

  /** Those of a larger number than {@code known}, in the order of their numbers. */
  synchronized List<Place> beyond(int known) {
    return new ArrayList<>(byNumber.tailMap(known, false).values());
  }

  /** Begins a snapshot: all places with the number that the next one gets. */
  synchronized List<ProgressEntry> snapshot(int nextSegment) {
    List<ProgressEntry> entries = new ArrayList<>();
    entries.add(new ProgressEntry.Snapshot(nextSegment, next, byNumber.size()));
    byNumber.values().forEach(place -> entries.add(new ProgressEntry.OfPlace(place.takeState())));
    return entries;
  }
}
