/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.Condition;
import io.caravan.manager.cluster.EventWriter;
import io.caravan.manager.cluster.ObjectKey;
import io.caravan.manager.cluster.StatusWriter;
import io.caravan.manager.round.Statuses;
import io.caravan.manager.status.StatusCondition;
import io.caravan.manager.status.TelemetryStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Tells users what has become of their resources: statuses, and events where one changes. When a
 * thousand change at once it does not keep the next round, and with it a changed plan, waiting.
 */
final class Reporting {
  /** Of a round, for statuses of pipelines. */
  private static final Duration TIME = Duration.ofMillis(500);

  private final StatusWriter statuses;
  private final EventWriter events;
  private final SortedMap<ObjectKey, String> failures = new TreeMap<>();

  /** What pipelines were told when their statuses were found or written so, by uid. */
  private Map<String, Reported> reported = new HashMap<>();

  private long began;
  private boolean unfinished;

  Reporting(KubernetesClient client, String identity) {
    this.statuses = new StatusWriter(client);
    this.events = new EventWriter(client, identity);
  }

  /** A resource as the watches have it, by identity, and what it was told. */
  private record Reported(GenericKubernetesResource resource, List<Condition> conditions) {
    @SuppressWarnings("ReferenceEquality") // comparing what it says would cost what this saves
    boolean is(GenericKubernetesResource now, List<Condition> told) {
      return resource == now && conditions.equals(told);
    }
  }

  /** Forgets what is not there any more, and the failures of the last round. */
  void begin(List<GenericKubernetesResource> there) {
    failures.clear();
    statuses.retain(there);
    Map<String, Reported> left = new HashMap<>();
    for (GenericKubernetesResource each : there) {
      String uid = each.getMetadata().getUid();
      Optional.ofNullable(reported.get(uid)).ifPresent(one -> left.put(uid, one));
    }
    reported = left;
    began = System.nanoTime();
    unfinished = false;
  }

  /** Whether the time of a round was not enough for all. */
  boolean isUnfinished() {
    return unfinished;
  }

  /** The conditions of a pipeline. */
  void pipeline(GenericKubernetesResource resource, List<Condition> conditions, Instant now) {
    String uid = resource.getMetadata().getUid();
    Reported last = reported.get(uid);
    if (last != null && last.is(resource, conditions)) {
      return; // neither is what it says another one, nor what it is to say
    }
    List<StatusCondition> before = Statuses.conditions(statuses.current(resource));
    List<StatusCondition> next = timed(resource, conditions, before, now);
    if (!next.equals(before) && System.nanoTime() - began > TIME.toNanos()) {
      unfinished = true;
      return;
    }
    if (write(resource, Statuses.ofPipeline(next), before, next, now)) {
      reported.put(uid, new Reported(resource, List.copyOf(conditions)));
    }
  }

  /**
   * The status of the Telemetry resource.
   *
   * @param gateway the namespace in which OTLP is taken; empty where it is not
   */
  void telemetry(
      GenericKubernetesResource resource,
      TelemetryStatus telemetry,
      Optional<String> gateway,
      Instant now) {
    List<StatusCondition> before = Statuses.conditions(statuses.current(resource));
    List<StatusCondition> next = timed(resource, telemetry.conditions(), before, now);
    var _ = write(resource, Statuses.ofTelemetry(telemetry, next, gateway), before, next, now);
  }

  private static List<StatusCondition> timed(
      GenericKubernetesResource resource,
      List<Condition> conditions,
      List<StatusCondition> before,
      Instant now) {
    long generation = Objects.requireNonNullElse(resource.getMetadata().getGeneration(), 0L);
    return StatusCondition.of(conditions, generation, before, now);
  }

  private boolean write(
      GenericKubernetesResource resource,
      ObjectNode status,
      List<StatusCondition> before,
      List<StatusCondition> now,
      Instant at) {
    Optional<String> failure = statuses.write(resource, status);
    if (failure.isPresent()) {
      failures.put(ObjectKey.of(resource), failure.get());
      return false;
    }
    for (Condition each : changed(before, now)) {
      events.changed(resource, each, at);
    }
    return true;
  }

  /** Those that say something else than before; of a new resource those that are not true. */
  private static List<Condition> changed(List<StatusCondition> before, List<StatusCondition> now) {
    List<Condition> changed = new ArrayList<>();
    for (StatusCondition each : now) {
      Condition condition = each.condition();
      Optional<Condition> old =
          before.stream()
              .map(StatusCondition::condition)
              .filter(one -> one.type().equals(condition.type()))
              .findFirst();
      boolean news =
          old.map(
                  one ->
                      one.status() != condition.status()
                          || !one.reason().equals(condition.reason()))
              .orElse(condition.status() != Condition.Status.TRUE);
      if (news) {
        changed.add(condition);
      }
    }
    return changed;
  }

  /** What could not be written in this round, and why. */
  SortedMap<ObjectKey, String> failures() {
    return failures;
  }
}
