/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.KameletSource;
import io.caravan.api.ObjectMeta;
import io.caravan.api.Pipeline;
import io.caravan.api.PipelineId;
import io.caravan.api.manifest.Location;
import io.caravan.api.manifest.ResourceName;
import io.caravan.plan.PipelinePlan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The plans of deleted pipelines: what ran last, or where that ran in a process before this one,
 * what is made of the last manifest with the Secrets that are still there. Not thread-safe.
 */
final class DeletedPipelines {
  private final List<KameletSource> shipped;
  private final Map<PipelineId, PipelinePlan> plans = new TreeMap<>();

  DeletedPipelines(List<KameletSource> shipped) {
    this.shipped = shipped;
  }

  /** A pipeline that was planned until now. */
  void add(PipelinePlan last, Instant at) {
    plans.put(last.id(), last.deleted(at));
  }

  /**
   * Plans those again that could not be run so far.
   *
   * @param lives all that are deleted
   * @param resources what lies in the folder
   */
  void plan(List<PipelineLife> lives, List<Named> resources, Instant now) {
    plans.keySet().retainAll(lives.stream().map(PipelineLife::id).toList());
    for (PipelineLife life : lives) {
      PipelinePlan known = plans.get(life.id());
      if (known == null || known.routes().isEmpty()) {
        plans.put(life.id(), restored(life, resources, now));
      }
    }
  }

  Collection<PipelinePlan> all() {
    return plans.values();
  }

  private PipelinePlan restored(PipelineLife life, List<Named> resources, Instant now) {
    Optional<Pipeline> manifest = life.manifest();
    if (manifest.isEmpty()) {
      return new PipelinePlan(
          life.id(),
          new Condition(
              "ConfigurationGenerated",
              Condition.Status.FALSE,
              "ManifestInvalid",
              "This version does not take the manifest that the pipeline had when it was deleted"),
          List.of(),
          Delivery.DEFAULT,
          life.deletedAt(),
          Optional.empty());
    }
    List<Named> all = new ArrayList<>();
    resources.stream()
        .filter(one -> !(one.content() instanceof Named.OfPipeline))
        .forEach(all::add);
    // Behind those of the folder: the last of a name is taken.
    life.kamelet()
        .ifPresent(
            one ->
                all.add(
                    new Named(
                        new ResourceName("Kamelet", Optional.empty(), one.name()),
                        Location.of(life.source()),
                        new Named.OfKamelet(one))));
    ObjectMeta meta = manifest.get().metadata();
    Optional<String> uid = Optional.of(life.id().uid()).filter(one -> !one.isEmpty());
    all.add(life.named(manifest.get().with(meta.of(uid, life.deletedAt()))));
    return FolderPlan.of(all, shipped, now).pipelines().getFirst();
  }
}
