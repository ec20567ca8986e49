/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import io.caravan.api.PipelineId;
import io.caravan.manager.probe.PlannedDigests.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which pods run what they are to run, by what they have said.
 *
 * @param failures why not all ready pods run a pipeline as it is, naming one of them; for people
 * @param outstanding the pods that are worth to be asked every second: they have a change before
 *     them, and have not said that it fails
 */
public record Taken(SortedMap<PipelineId, String> failures, SortedSet<String> outstanding) {
  /** For how long nobody is told of a pod that has not taken a change. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  /** A change that is not taken by then is not taken soon. */
  static final Duration HURRY = Duration.ofMinutes(2);

  /** A condition's message may be longer; nobody would read it. */
  static final int LONGEST = 1_000;

  /** Copies both. */
  public Taken {
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
    outstanding = Collections.unmodifiableSortedSet(new TreeSet<>(outstanding));
  }

  /** Why a pipeline is not taken everywhere; empty if it is, or may still be. */
  public Optional<String> failure(PipelineId pipeline) {
    return Optional.ofNullable(failures.get(pipeline));
  }

  /**
   * Judges one component.
   *
   * @param pods its ready ones
   */
  public static Taken of(PlannedDigests planned, Collection<PodView> pods, Instant now) {
    List<PodView> ordered = pods.stream().sorted(Comparator.comparing(PodView::pod)).toList();
    SortedMap<PipelineId, String> failures = new TreeMap<>();
    Set<String> outstanding = new TreeSet<>();
    for (Map.Entry<PipelineId, Version> each : planned.versions().entrySet()) {
      Tally tally = new Tally(each.getKey(), each.getValue(), now);
      ordered.forEach(pod -> tally.count(pod, outstanding));
      tally.message().ifPresent(message -> failures.put(each.getKey(), message));
    }
    return new Taken(failures, new TreeSet<>(outstanding));
  }

  /** What the pods say of one pipeline. */
  private static final class Tally {
    private final PipelineId pipeline;
    private final Version version;
    private final Instant now;
    private Optional<String> loadError = Optional.empty();
    private Optional<String> late = Optional.empty();
    private int failing;

    Tally(PipelineId pipeline, Version version, Instant now) {
      this.pipeline = pipeline;
      this.version = version;
      this.now = now;
    }

    void count(PodView pod, Set<String> outstanding) {
      Optional<PodReport.Taking> taking =
          pod.report().flatMap(report -> Optional.ofNullable(report.pipelines().get(pipeline)));
      if (taking.flatMap(PodReport.Taking::running).filter(version.digest()::equals).isPresent()) {
        return;
      }
      Optional<String> error =
          taking
              .filter(each -> each.planned().filter(version.digest()::equals).isPresent())
              .flatMap(PodReport.Taking::loadError);
      if (error.isPresent()) {
        failing++;
        loadError =
            loadError.or(
                () ->
                    Optional.of(
                        "Pod %s cannot load %s: %s".formatted(pod.pod(), name(), error.get())));
        return;
      }
      Duration waited = Duration.between(later(version.since(), pod.since()), now);
      if (waited.compareTo(HURRY) < 0) {
        outstanding.add(pod.pod());
      }
      if (waited.compareTo(PATIENCE) >= 0) {
        failing++;
        late = late.or(() -> Optional.of(lateness(pod)));
      }
    }

    private String lateness(PodView pod) {
      String message =
          "Pod %s has not taken the change of %s within %d s"
              .formatted(pod.pod(), name(), PATIENCE.toSeconds());
      return pod.failure()
          .or(() -> pod.report().flatMap(each -> Optional.ofNullable(each.unread().get(pipeline))))
          .map(why -> message + ": " + why)
          .orElse(message);
    }

    private String name() {
      return pipeline.kind().kind() + " " + pipeline.name();
    }

    /** What a pod says itself explains more than that it says nothing. */
    Optional<String> message() {
      String others = failing > 1 ? " (and %d more)".formatted(failing - 1) : "";
      int room = LONGEST - others.length();
      return loadError.or(() -> late).map(text -> cut(text, room) + others);
    }

    private static String cut(String text, int room) {
      if (text.length() <= room) {
        return text;
      }
      int end = room - 1;
      return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
          + "…";
    }

    private static Instant later(Instant one, Instant other) {
      return one.isAfter(other) ? one : other;
    }
  }
}
