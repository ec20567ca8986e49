/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.PipelineId;
import io.caravan.api.manifest.Found;
import io.caravan.api.manifest.Location;
import io.caravan.api.manifest.ManifestReader;
import io.caravan.api.manifest.ResourceName;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One pipeline from its first manifest until nothing of it is left.
 *
 * @param id with a uid if it began while another of its name was being deleted
 * @param deletedAt since when it has no manifest any more
 * @param source the file that its last good manifest stood in
 * @param json its last good manifest
 * @param kamelet the connector that it uses, unless that is one of the program's own
 */
record PipelineLife(
    PipelineId id,
    Optional<Instant> deletedAt,
    String source,
    String json,
    Optional<KameletSource> kamelet) {

  /**
   * What is to be remembered of pipelines that are there.
   *
   * @param resources with the pipelines' uids
   * @param plan what was made of them
   * @param shipped the connectors that every process has
   */
  static List<PipelineLife> of(List<Named> resources, Plan plan, List<KameletSource> shipped) {
    Map<PipelineId, KameletSource> kamelets = new HashMap<>();
    for (PipelinePlan one : plan.pipelines()) {
      one.routes()
          .map(PipelineRoutes::kamelet)
          .map(kamelet -> new KameletSource(kamelet.name(), kamelet.yaml()))
          .filter(kamelet -> !shipped.contains(kamelet))
          .ifPresent(kamelet -> kamelets.put(one.id(), kamelet));
    }
    List<PipelineLife> lives = new ArrayList<>();
    for (Named one : resources) {
      if (one.content() instanceof Named.OfPipeline(Pipeline pipeline, String json)) {
        lives.add(
            new PipelineLife(
                pipeline.id(),
                Optional.empty(),
                one.location().source(),
                json,
                Optional.ofNullable(kamelets.get(pipeline.id()))));
      }
    }
    return lives;
  }

  /** The pipeline's manifest; empty if this version does not take it. */
  Optional<Pipeline> manifest() {
    return ManifestReader.read(json, source).pipelines().stream().map(Found::resource).findFirst();
  }

  /** The same as a resource, with other metadata or its own. */
  Named named(Pipeline pipeline) {
    return new Named(
        new ResourceName(id.kind().kind(), Optional.empty(), id.name()),
        Location.of(source),
        new Named.OfPipeline(pipeline, json));
  }

  PipelineLife deleted(Instant at) {
    return new PipelineLife(id, Optional.of(at), source, json, kamelet);
  }
}
