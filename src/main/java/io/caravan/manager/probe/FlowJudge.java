/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.probe;

import io.caravan.api.PipelineId;
import io.caravan.manager.status.Flow;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether telemetry flows, by what pods have counted in the last five minutes. Thread-safe; it asks
 * nobody and looks at no clock.
 *
 * <p>docs/status.md has the rules. Of each pod and pipeline only the last counts are kept, and when
 * each of them was last seen to grow: what was counted before a pod was first seen, or by a process
 * that was there before, is not judged.
 */
public final class FlowJudge {
  /** For how long a loss, a refusal or a delivery counts. */
  static final Duration WINDOW = Duration.ofMinutes(5);

  /** For how long a backend may take nothing before that is told. */
  static final Duration STANDSTILL = Duration.ofMinutes(1);

  /** Three answers that did not come. */
  static final Duration STALE = Duration.ofSeconds(100);

  /** Of the buffer; then an outage of a quarter of what was planned is left. */
  private static final double NEARLY_FULL = 0.8;

  private final Map<String, PodFlow> pods = new HashMap<>();

  /** What one pod has last said. */
  private static final class PodFlow {
    private String started = "";
    private Instant at = Instant.MIN;
    private final Map<PipelineId, Track> tracks = new HashMap<>();
  }

  /** One pipeline in one pod. */
  private static final class Track {
    private FlowSample.Counts counts;
    private Instant seen;
    private Instant delivered;
    private boolean everDelivered;
    private @Nullable Instant lost;
    private @Nullable Instant throttled;
    private Flow told = Flow.HEALTHY;

    Track(FlowSample.Counts counts, Instant at) {
      this.counts = counts;
      this.seen = at;
      this.delivered = at;
    }

    void grow(FlowSample.Counts next, Instant at) {
      if (next.isAfter(counts)) {
        if (next.delivered() > counts.delivered()) {
          delivered = at;
          everDelivered = true;
        }
        lost = next.lost() > counts.lost() ? at : lost;
        throttled = next.throttled() > counts.throttled() ? at : throttled;
      }
      counts = next;
      seen = at;
    }

    boolean delivers(Instant now) {
      return everDelivered && within(delivered, now);
    }

    boolean loses(Instant now) {
      return within(lost, now);
    }

    /** What it is of itself: whether all or some is lost takes all pods. */
    Flow of(Instant now) {
      if (loses(now)) {
        return delivers(now) ? Flow.SOME_DROPPED : Flow.ALL_DROPPED;
      }
      if (counts.waitingSeconds() >= STANDSTILL.toSeconds()
          && !delivered.isAfter(now.minus(STANDSTILL))) {
        return Flow.NOTHING_DELIVERED;
      }
      if (counts.mostBytes() > 0
          && counts.waitingBytes() >= NEARLY_FULL * (double) counts.mostBytes()) {
        return Flow.BUFFER_FILLING_UP;
      }
      return within(throttled, now) ? Flow.THROTTLING : Flow.HEALTHY;
    }

    private static boolean within(@Nullable Instant event, Instant now) {
      return event != null && event.isAfter(now.minus(WINDOW));
    }
  }

  /** A judge that has seen nothing. */
  public FlowJudge() {}

  /**
   * A pod has told.
   *
   * @return whether it is worth to judge again
   */
  synchronized boolean saw(String pod, FlowSample sample, Instant now) {
    PodFlow flow = pods.computeIfAbsent(pod, _ -> new PodFlow());
    boolean changed = flow.at.equals(Instant.MIN) || flow.at.isBefore(now.minus(STALE));
    if (!flow.started.equals(sample.started())) {
      flow.tracks.values().forEach(track -> track.counts = NOTHING_COMPARES);
      flow.started = sample.started();
    }
    flow.at = now;
    // Not at once: a book that was busy when it was to be read is left out of a report.
    changed |= flow.tracks.values().removeIf(track -> track.seen.isBefore(now.minus(WINDOW)));
    for (Map.Entry<PipelineId, FlowSample.Counts> each : sample.counts().entrySet()) {
      Track track = flow.tracks.get(each.getKey());
      if (track == null) {
        flow.tracks.put(each.getKey(), new Track(each.getValue(), now));
        changed = true;
      } else {
        track.grow(each.getValue(), now);
        Flow next = track.of(now);
        changed |= track.told != next;
        track.told = next;
      }
    }
    return changed;
  }

  /** More than any process can count: whatever comes next is a beginning. */
  private static final FlowSample.Counts NOTHING_COMPARES =
      new FlowSample.Counts(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, 0, 0, 0);

  /** A pod is gone. */
  synchronized void forget(String pod) {
    pods.remove(pod);
  }

  /**
   * Judges a pipeline.
   *
   * @param of the ready pods of one component, by name
   * @return unknown if none of them has told anything lately
   */
  public synchronized Flow of(PipelineId pipeline, Collection<String> of, Instant now) {
    List<PodFlow> told =
        of.stream()
            .map(pods::get)
            .filter(Objects::nonNull)
            .filter(flow -> !flow.at.isBefore(now.minus(STALE)))
            .toList();
    if (told.isEmpty()) {
      return Flow.UNKNOWN;
    }
    List<Track> tracks =
        told.stream().map(flow -> flow.tracks.get(pipeline)).filter(Objects::nonNull).toList();
    if (tracks.stream().anyMatch(track -> track.loses(now))) {
      return tracks.stream().anyMatch(track -> track.delivers(now))
          ? Flow.SOME_DROPPED
          : Flow.ALL_DROPPED;
    }
    return tracks.stream().map(track -> track.of(now)).max(Flow::compareTo).orElse(Flow.HEALTHY);
  }
}
