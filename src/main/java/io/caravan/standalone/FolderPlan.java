/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.Secret;
import io.caravan.api.Telemetry;
import io.caravan.api.manifest.Manifests;
import io.caravan.plan.Mode;
import io.caravan.plan.Plan;
import io.caravan.plan.Planner;
import io.caravan.plan.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Plans what a folder's resources mean when they take the place of a cluster. */
public final class FolderPlan {
  private FolderPlan() {}

  /**
   * The plan of manifests that were read once.
   *
   * @param shipped the Kamelets of the program; a manifest's of the same name wins
   * @param now the time that certificates are checked against
   */
  public static Plan of(Manifests manifests, List<KameletSource> shipped, Instant now) {
    return of(Named.allOf(manifests), shipped, now);
  }

  static Plan of(List<Named> resources, List<KameletSource> shipped, Instant now) {
    List<Pipeline> pipelines = new ArrayList<>();
    List<Secret> secrets = new ArrayList<>();
    Optional<Telemetry> telemetry = Optional.empty();
    Map<String, KameletSource> kamelets = new LinkedHashMap<>();
    shipped.forEach(kamelet -> kamelets.put(kamelet.name(), kamelet));
    for (Named resource : resources) {
      switch (resource.content()) {
        case Named.OfPipeline one -> pipelines.add(one.pipeline());
        case Named.OfSecret one -> secrets.add(one.secret());
        case Named.OfKamelet one -> kamelets.put(one.kamelet().name(), one.kamelet());
        // The contract knows one Telemetry, called default.
        case Named.OfTelemetry one -> {
          if (resource.name().name().equals("default")) {
            telemetry = Optional.of(one.telemetry());
          }
        }
      }
    }
    return Planner.plan(
        new Snapshot(
            pipelines, telemetry, secrets, List.copyOf(kamelets.values()), Mode.STANDALONE, now));
  }
}
