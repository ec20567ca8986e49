/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import io.caravan.signal.Subscriptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what runs be what is planned: starts, replaces and drains exactly the pipelines that
 * changed. Thread-safe; changes are made one after another.
 *
 * <p>A new version is loaded beside the old one and takes over in one step. The old one ends what
 * it has begun, behind the caller's back and within the bound, and is then taken out. If the new
 * one does not load, the old one goes on. Whoever runs the node tells of it, from {@link #states};
 * only what no state shows is logged above DEBUG.
 */
final class PipelineSwapper {
  private static final Logger LOG = LoggerFactory.getLogger("io.caravan.pipeline");

  private final PipelineLoader loader;
  private final Subscriptions subscriptions;
  private final Duration drainTimeout;
  private final Map<PipelineId, LoadedPipeline> running = new TreeMap<>();
  private final Map<PipelineId, String> loadErrors = new HashMap<>();
  private final Map<String, Draining> draining = new HashMap<>();
  private volatile List<PipelineState> states = List.of();
  private Plan last = Plan.EMPTY;
  private volatile boolean stopping;

  /** One draining of one version, which ends unless the version is wanted again before. */
  private static final class Draining {
    final LoadedPipeline pipeline;

    Draining(LoadedPipeline pipeline) {
      this.pipeline = pipeline;
    }
  }

  /** A swapper with nothing loaded. */
  PipelineSwapper(PipelineLoader loader, Subscriptions subscriptions, Duration drainTimeout) {
    this.loader = loader;
    this.subscriptions = subscriptions;
    this.drainTimeout = drainTimeout;
  }

  List<PipelineState> states() {
    return states;
  }

  /** Applies the last plan again, since what it means depends on what is in the journal. */
  synchronized void applyAgain() {
    apply(last);
  }

  synchronized void apply(Plan plan) {
    last = plan;
    Map<PipelineId, PipelineRoutes> wanted = new TreeMap<>();
    for (PipelinePlan pipeline : plan.pipelines()) {
      pipeline.routes().ifPresent(routes -> wanted.put(pipeline.id(), routes));
    }
    Map<PipelineId, Delivery> planned = new TreeMap<>();
    Map<PipelineId, Instant> deleted = new TreeMap<>();
    for (PipelinePlan pipeline : plan.pipelines()) {
      planned.put(pipeline.id(), pipeline.delivery());
      pipeline.deliversUntil().ifPresent(until -> deleted.put(pipeline.id(), until));
    }
    loadErrors.keySet().retainAll(wanted.keySet());
    for (PipelineId gone : new TreeSet<>(running.keySet())) {
      if (!wanted.containsKey(gone)) {
        stop(gone);
      }
    }
    // Before anything is loaded: a sender whose pipeline is being loaded is told to try again.
    subscriptions.plan(planned, deleted);
    Set<PipelineId> remaining = subscriptions.remainders().keySet();
    wanted.forEach(
        (id, routes) -> {
          // Nothing is to be loaded for a deleted pipeline that has nothing to deliver.
          if (!deleted.containsKey(id) || remaining.contains(id)) {
            swap(id, routes);
          }
        });
    states = plan.pipelines().stream().map(this::state).toList();
  }

  /**
   * Versions that drain are left to whoever stops Camel: a connector that hangs would hold its
   * lock, and all that is to be stopped would wait for it.
   */
  void stopSoon() {
    stopping = true;
  }

  /** Stops all pipelines; completes when they have ended what they had begun. */
  synchronized CompletableFuture<Void> stopAll() {
    List<CompletableFuture<Void>> drained = new ArrayList<>();
    running.keySet().forEach(id -> drained.add(subscriptions.deactivate(id)));
    return CompletableFuture.allOf(drained.toArray(CompletableFuture[]::new));
  }

  private void swap(PipelineId id, PipelineRoutes routes) {
    LoadedPipeline old = running.get(id);
    if (old != null && old.digest().equals(routes.digest())) {
      loadErrors.remove(id);
      return;
    }
    try {
      LoadedPipeline next = wantedAgain(routes);
      if (next == null) {
        next = loader.load(id, routes);
      }
      CompletableFuture<Void> drained =
          subscriptions.activate(id, next.digest(), next.executor(), next.outcomes());
      running.put(id, next);
      loadErrors.remove(id);
      LOG.debug(
          "event=pipeline_started pipeline={} digest={} destination=\"{}\"",
          id,
          next.digest(),
          routes.destination());
      if (old != null) {
        drain(old, drained);
      }
    } catch (PipelineLoadException e) {
      loadErrors.put(id, String.valueOf(e.getMessage()));
      LOG.debug(
          "event=pipeline_load_failed pipeline={} digest={} still_running={} error=\"{}\"",
          id,
          routes.digest(),
          old == null ? "none" : old.digest(),
          e.getMessage());
    }
  }

  private void stop(PipelineId id) {
    LoadedPipeline old = running.remove(id);
    if (old != null) {
      LOG.debug("event=pipeline_stopped pipeline={} digest={}", id, old.digest());
      drain(old, subscriptions.deactivate(id));
    }
  }

  private void drain(LoadedPipeline old, CompletableFuture<Void> drained) {
    Draining token = new Draining(old);
    draining.put(old.routeId(), token);
    // Nobody waits for it: taking out reports its own failures.
    CompletableFuture<Void> _ =
        drained
            .thenApply(_ -> true)
            .completeOnTimeout(false, drainTimeout.toMillis(), TimeUnit.MILLISECONDS)
            .thenAcceptAsync(
                inTime -> end(token, inTime, drained), task -> Thread.ofVirtual().start(task));
  }

  private void end(Draining token, boolean inTime, CompletableFuture<Void> drained) {
    if (inTime || token.pipeline.threads().isEmpty()) {
      takeOut(token, inTime);
      return;
    }
    // Stopping a route waits for a connector that hangs (a pipe that nobody reads) without bound,
    // and Camel and this swapper let no other route be changed meanwhile. It costs little where it
    // is: its bytes are the pipeline's, and its threads hang wherever its routes are.
    warnOfDrainTimeout(token.pipeline);
    CompletableFuture<Void> _ =
        drained.thenRunAsync(() -> takeOut(token, true), task -> Thread.ofVirtual().start(task));
  }

  private synchronized void takeOut(Draining token, boolean inTime) {
    LoadedPipeline old = token.pipeline;
    if (stopping || !draining.remove(old.routeId(), token)) {
      return;
    }
    if (!inTime) {
      warnOfDrainTimeout(old);
    }
    loader.unload(old);
  }

  private void warnOfDrainTimeout(LoadedPipeline old) {
    LOG.warn(
        "event=drain_timeout pipeline={} digest={} seconds={} action=\"its unfinished batches"
            + " were answered as failed\"",
        old.id(),
        old.digest(),
        drainTimeout.toSeconds());
  }

  /** The same version while it is still draining: a change that was taken back. */
  private @Nullable LoadedPipeline wantedAgain(PipelineRoutes routes) {
    Draining token = draining.remove(routes.routeId());
    return token == null ? null : token.pipeline;
  }

  private PipelineState state(PipelinePlan pipeline) {
    LoadedPipeline runs = running.get(pipeline.id());
    return new PipelineState(
        pipeline.id(),
        runs == null ? null : runs.digest(),
        pipeline.routes().map(PipelineRoutes::digest).orElse(null),
        loadErrors.get(pipeline.id()));
  }
}
