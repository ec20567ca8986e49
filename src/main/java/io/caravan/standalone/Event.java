/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.PipelineId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Something that has happened to a pipeline and is told in one line. */
sealed interface Event {

  PipelineId pipeline();

  record Started(PipelineId pipeline, String digest, String delivers) implements Event {}

  record Changed(PipelineId pipeline, String digest, String delivers) implements Event {}

  record Removed(PipelineId pipeline) implements Event {}

  /** It does not run, and why. */
  record Failed(PipelineId pipeline, String why) implements Event {}

  /** Its newest version does not run, and why; an earlier one does. */
  record Kept(PipelineId pipeline, String digest, String why) implements Event {}

  /** Its newest version runs, after it had not. */
  record Recovered(PipelineId pipeline, String digest) implements Event {}

  /** Something that it asks for and does not get, though it runs. */
  record Noticed(PipelineId pipeline, String notice) implements Event {}

  /** What has happened between two looks, by pipeline. */
  static List<Event> between(
      SortedMap<PipelineId, Standing> before, SortedMap<PipelineId, Standing> after) {
    List<Event> events = new ArrayList<>();
    after.forEach((id, now) -> events.addAll(of(Optional.ofNullable(before.get(id)), now)));
    before.keySet().stream()
        .filter(id -> !after.containsKey(id))
        .forEach(id -> events.add(new Removed(id)));
    events.sort(Comparator.comparing(Event::pipeline));
    return events;
  }

  private static List<Event> of(Optional<Standing> before, Standing now) {
    List<Event> events = new ArrayList<>();
    Optional<String> ran = before.flatMap(Standing::runs);
    if (now.runs().isPresent() && !now.runs().equals(ran)) {
      String runs = now.runs().get();
      events.add(
          ran.isPresent()
              ? new Changed(now.id(), runs, now.delivers())
              : new Started(now.id(), runs, now.delivers()));
    }
    Optional<String> digest = now.runs();
    String trouble = now.trouble();
    String told = before.map(Standing::trouble).orElse("");
    boolean stopped = ran.isPresent() && digest.isEmpty();
    if (!trouble.isEmpty() && (stopped || !trouble.equals(told))) {
      events.add(
          digest.isPresent()
              ? new Kept(now.id(), digest.get(), trouble)
              : new Failed(now.id(), trouble));
    }
    if (trouble.isEmpty() && !told.isEmpty() && digest.isPresent() && digest.equals(ran)) {
      events.add(new Recovered(now.id(), digest.get()));
    }
    List<String> said = before.map(Standing::notices).orElse(List.of());
    now.notices().stream()
        .filter(notice -> !said.contains(notice))
        .forEach(notice -> events.add(new Noticed(now.id(), notice)));
    return events;
  }
}
