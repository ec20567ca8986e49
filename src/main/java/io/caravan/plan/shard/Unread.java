/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan.shard;

import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.plan.PipelinePlan;
import java.util.List;
import java.util.Optional;

/**
 * A pipeline whose entries do not match, or cannot be read.
 *
 * @param shard its shard's number
 * @param key of its entries
 * @param pipeline whose they are, without uid if that cannot be told; empty if nothing can be told
 * @param delivery its own, or the default where that cannot be read
 * @param why a sentence for people, without values
 */
public record Unread(
    int shard, String key, Optional<PipelineId> pipeline, Delivery delivery, String why) {

  /** Whether a pipeline that runs may be the one. */
  boolean mayBe(PipelinePlan running) {
    if (pipeline.isEmpty()) {
      return Shard.of(running.id()) == shard;
    }
    PipelineId id = pipeline.get();
    return id.equals(running.id())
        || (id.uid().isEmpty() && id.sharesName(running.id()) && running.deletedAt().isEmpty());
  }

  /** The pipeline without routes, so that what it has in the journal is kept. */
  Optional<PipelinePlan> withoutRoutes() {
    return pipeline.map(
        id ->
            new PipelinePlan(
                id,
                new Condition(
                    "ConfigurationGenerated",
                    Condition.Status.UNKNOWN,
                    "EntryNotReadable",
                    "The entry %s of %s cannot be taken: %s"
                        .formatted(key, Shard.name(shard), why)),
                List.of(),
                delivery,
                Optional.empty()));
  }

  @Override
  public String toString() {
    return "%s of %s: %s".formatted(key, Shard.name(shard), why);
  }
}
