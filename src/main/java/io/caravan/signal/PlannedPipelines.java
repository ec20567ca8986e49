/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.signal;

import io.caravan.api.Delivery;
import io.caravan.api.DeliveryFailure;
import io.caravan.api.PipelineId;
import io.caravan.delivery.Timer;
import io.caravan.observe.ledger.Ledger;
import io.caravan.otlp.MemoryBudget;
import io.caravan.otlp.Signal;
import io.caravan.signal.books.PipelinePostings;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The pipelines that there are to be, whether they run or not. Used under its owner's lock, but for
 * {@link #of}, which any thread may call.
 */
final class PlannedPipelines {
  private final FanOutSettings settings;
  private final MeterRegistry registry;
  private final Ledger ledger;
  private final Timer timer;
  private final TreeMap<PipelineId, SubscribedPipeline> planned = new TreeMap<>();
  private volatile Map<Signal, List<SubscribedPipeline>> bySignal = new EnumMap<>(Signal.class);

  PlannedPipelines(FanOutSettings settings, MeterRegistry registry, Ledger ledger, Timer timer) {
    this.settings = settings;
    this.registry = registry;
    this.ledger = ledger;
    this.timer = timer;
  }

  /**
   * Says which there are to be, how each keeps its data, and until when those that are deleted
   * deliver. Those that are new are offered nothing before {@link #publish}.
   */
  void plan(Map<PipelineId, Delivery> pipelines, Map<PipelineId, Instant> deliverUntil) {
    for (PipelineId gone : new TreeSet<>(planned.keySet())) {
      if (!pipelines.containsKey(gone)) {
        SubscribedPipeline pipeline = planned.remove(gone);
        if (pipeline != null) {
          CompletableFuture<Void> _ = pipeline.output().stop();
          // At once, not when it has drained: by then it may be planned again and count anew.
          if (sharing(gone).isEmpty() && pipelines.keySet().stream().noneMatch(gone::sharesName)) {
            pipeline.remove();
          }
        }
      }
    }
    pipelines.forEach(
        (id, delivery) -> {
          SubscribedPipeline pipeline = planned.computeIfAbsent(id, this::pipeline);
          pipeline.settings(delivery);
          pipeline.deliversUntil(deliverUntil.get(id));
        });
  }

  private SubscribedPipeline pipeline(PipelineId id) {
    Optional<SubscribedPipeline> other = sharing(id);
    MemoryBudget budget =
        other
            .map(SubscribedPipeline::budget)
            .orElseGet(() -> new MemoryBudget(settings.pipelineInFlightBytes()));
    PipelineMeters meters =
        other
            .map(SubscribedPipeline::meters)
            .orElseGet(() -> new PipelineMeters(registry, id, budget));
    PipelinePostings postings = new PipelinePostings(ledger.book(id));
    return new SubscribedPipeline(id, budget, meters, postings, timer);
  }

  /** Another that has, or has had, this name: they share what is counted. */
  private Optional<SubscribedPipeline> sharing(PipelineId id) {
    return planned.tailMap(id.withoutUid()).values().stream()
        .takeWhile(other -> other.id().sharesName(id))
        .findFirst();
  }

  /** From now on batches are offered to those that are planned and not deleted. */
  void publish() {
    Map<Signal, List<SubscribedPipeline>> next = new EnumMap<>(Signal.class);
    for (Signal signal : Signal.values()) {
      next.put(
          signal,
          planned.values().stream()
              .filter(pipeline -> pipeline.deliversUntil().isEmpty())
              .filter(pipeline -> pipeline.signal() == signal)
              .toList());
    }
    bySignal = next;
  }

  /** Those that a batch of this signal is offered to. */
  List<SubscribedPipeline> of(Signal signal) {
    return bySignal.getOrDefault(signal, List.of());
  }

  /** Null if it is not planned. */
  @Nullable SubscribedPipeline find(PipelineId id) {
    return planned.get(id);
  }

  /** The pipeline of an id's text that is not deleted. */
  SubscribedPipeline live(String id) throws ReplayRefusedException {
    for (SubscribedPipeline pipeline : planned.values()) {
      if (pipeline.id().toString().equals(id) && pipeline.deliversUntil().isEmpty()) {
        return pipeline;
      }
    }
    throw new ReplayRefusedException(
        "there is no pipeline '%s'; there are: %s"
            .formatted(
                id,
                planned.keySet().stream()
                    .map(Object::toString)
                    .distinct()
                    .collect(Collectors.joining(", "))));
  }

  Collection<SubscribedPipeline> all() {
    return planned.values();
  }

  /** Without their uids. */
  Set<PipelineId> names() {
    return planned.keySet().stream().map(PipelineId::withoutUid).collect(Collectors.toSet());
  }

  /** Those that do not deliver at the moment, and why. */
  SortedMap<PipelineId, DeliveryFailure> failures() {
    SortedMap<PipelineId, DeliveryFailure> failures = new TreeMap<>();
    planned.forEach(
        (id, pipeline) -> pipeline.failure().ifPresent(failure -> failures.put(id, failure)));
    return failures;
  }
}
