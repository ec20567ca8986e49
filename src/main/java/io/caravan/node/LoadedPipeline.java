/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.api.OutcomeRule;
import io.caravan.api.PipelineId;
import io.caravan.plan.PipelineRoutes;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * One version of a pipeline whose routes run in Camel.
 *
 * @param secrets the names of its {@link PipelineSecrets}
 * @param threads what its connector runs on, unless that leaves the thread that calls it free
 * @param outcomes what its Kamelet declares of failures
 */
record LoadedPipeline(
    PipelineId id,
    PipelineRoutes routes,
    List<String> secrets,
    Optional<ConnectorThreads> threads,
    List<OutcomeRule> outcomes) {

  LoadedPipeline {
    secrets = List.copyOf(secrets);
    outcomes = List.copyOf(outcomes);
  }

  /** Runs the pipeline's routes. */
  Executor executor() {
    return threads.isPresent() ? threads.get() : Runnable::run;
  }

  String digest() {
    return routes.digest();
  }

  String routeId() {
    return routes.routeId();
  }

  /** The Kamelet's own route. */
  static String sinkRouteId(PipelineRoutes routes) {
    return routes.routeId() + "-sink";
  }
}
