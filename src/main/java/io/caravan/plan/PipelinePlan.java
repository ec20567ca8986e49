/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One pipeline's part of a plan.
 *
 * @param id the pipeline
 * @param configurationGenerated the condition of that type, with the contract's reasons and
 *     messages
 * @param notices what the pipeline asks for and does not get here, though it runs (an input that
 *     does not exist in this mode); a sentence each
 * @param delivery how the pipeline's data is kept and delivered. It stands beside the routes and is
 *     no part of their digest: a change is applied to the pipeline that runs, whose backlog and
 *     connections stay as they are. Also there where the condition is False, since a backlog
 *     outlives the routes
 * @param deletedAt since when the pipeline is deleted; empty unless it is. A deleted pipeline takes
 *     nothing, and what it has is delivered until {@link #deliversUntil}
 * @param routes what runs, or empty where the condition is False
 */
public record PipelinePlan(
    PipelineId id,
    Condition configurationGenerated,
    List<String> notices,
    Delivery delivery,
    Optional<Instant> deletedAt,
    Optional<PipelineRoutes> routes) {

  public PipelinePlan {
    notices = List.copyOf(notices);
  }

  /** A pipeline that is not deleted. */
  public PipelinePlan(
      PipelineId id,
      Condition configurationGenerated,
      List<String> notices,
      Delivery delivery,
      Optional<PipelineRoutes> routes) {
    this(id, configurationGenerated, notices, delivery, Optional.empty(), routes);
  }

  /** The same, deleted. */
  public PipelinePlan deleted(Instant at) {
    return new PipelinePlan(id, configurationGenerated, notices, delivery, Optional.of(at), routes);
  }

  /** When a deleted pipeline's rest is dropped; empty unless it is deleted. */
  public Optional<Instant> deliversUntil() {
    return deletedAt.map(at -> at.plus(delivery.onDelete()));
  }
}
