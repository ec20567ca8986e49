/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * How far the replay of a TelemetryReplay is, by place: a node whose gateway has its journal there,
 * or a replica.
 *
 * @param started when it began: what was accepted later is not sent
 * @param places what is known of each that has been asked
 */
record ReplayState(Instant started, Map<String, Place> places) {
  private static final int MOST_NAMED = 10;

  ReplayState {
    places = new TreeMap<>(places);
  }

  /**
   * A place.
   *
   * @param state as a gateway tells it: running, waiting, done, stopped or failed
   * @param found how many records there were to be sent, where that is known
   * @param note why, where that is worth a word
   */
  record Place(String state, long records, OptionalLong found, long leftOut, String note) {
    static Place of(JsonNode progress) {
      String note = progress.path("note").asText();
      String first = progress.path("reasons").path(0).asText();
      return new Place(
          progress.path("state").asText(),
          progress.path("records").asLong(),
          progress.hasNonNull("found")
              ? OptionalLong.of(progress.path("found").asLong())
              : OptionalLong.empty(),
          progress.path("leftOut").asLong(),
          note.isEmpty() ? first : note);
    }

    /** One of which nothing was heard and nothing is to be expected. */
    static Place failed(String why) {
      return new Place("failed", 0, OptionalLong.empty(), 0, why);
    }

    /** The same, and nothing more is to be expected. */
    Place ended(String why) {
      return new Place("failed", records, found, leftOut, why);
    }

    boolean isOver() {
      return state.equals("done") || state.equals("stopped") || state.equals("failed");
    }

    boolean isWell() {
      return state.equals("done") && leftOut == 0;
    }
  }

  /** One that begins now, in whole seconds. */
  static ReplayState begun(Instant now) {
    return new ReplayState(Instant.ofEpochSecond(now.getEpochSecond()), Map.of());
  }

  /** How many records have reached the backlog, everywhere. */
  long records() {
    return places.values().stream().mapToLong(Place::records).sum();
  }

  /** How many there were to be sent; empty unless each place has told it. */
  OptionalLong found() {
    return !places.isEmpty() && places.values().stream().allMatch(one -> one.found().isPresent())
        ? OptionalLong.of(places.values().stream().mapToLong(one -> one.found().getAsLong()).sum())
        : OptionalLong.empty();
  }

  /**
   * What is said of it.
   *
   * @param to who gets it
   * @param missing what has to be waited for; it is over when there is nothing, and each place is
   */
  ReplayVerdict verdict(String to, Collection<String> missing) {
    if (!missing.isEmpty()) {
      return ReplayVerdict.waitsForPods(message(missing));
    }
    if (!places.values().stream().allMatch(Place::isOver)) {
      return ReplayVerdict.running(message(missing));
    }
    return places.values().stream().allMatch(Place::isWell)
        ? ReplayVerdict.completed("%d records are in the backlog of %s".formatted(records(), to))
        : ReplayVerdict.incomplete(message(missing));
  }

  private String message(Collection<String> missing) {
    List<String> said = new ArrayList<>(missing);
    places.forEach(
        (name, place) -> {
          if (!place.isWell() && !place.note().isEmpty()) {
            said.add("%s: %s: %s".formatted(name, place.state(), place.note()));
          } else if (place.leftOut() > 0) {
            said.add("%s: %d batches could not be sent".formatted(name, place.leftOut()));
          }
        });
    long more = said.size() - (long) MOST_NAMED;
    String first = String.join("; ", said.subList(0, Math.min(said.size(), MOST_NAMED)));
    return more > 0 ? "%s (and %d more)".formatted(first, more) : first;
  }
}
