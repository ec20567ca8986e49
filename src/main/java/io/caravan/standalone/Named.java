/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.standalone;

import io.caravan.api.KameletSource;
import io.caravan.api.Pipeline;
import io.caravan.api.Secret;
import io.caravan.api.Telemetry;
import io.caravan.api.manifest.Found;
import io.caravan.api.manifest.Location;
import io.caravan.api.manifest.Manifests;
import io.caravan.api.manifest.ResourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A resource with what tells it from others, and where it stands. */
record Named(ResourceName name, Location location, Content content) {

  /** The resource itself, of one of the kinds that a folder may hold. */
  sealed interface Content {}

  /**
   * @param json the manifest as it was written
   */
  record OfPipeline(Pipeline pipeline, String json) implements Content {}

  record OfTelemetry(Telemetry telemetry) implements Content {}

  record OfSecret(Secret secret) implements Content {}

  record OfKamelet(KameletSource kamelet) implements Content {}

  static List<Named> allOf(Manifests manifests) {
    List<Named> all = new ArrayList<>();
    for (Found<Pipeline> found : manifests.pipelines()) {
      Pipeline pipeline = found.resource();
      all.add(
          named(
              pipeline.kind().kind(),
              pipeline.metadata().name(),
              found,
              new OfPipeline(pipeline, found.json())));
    }
    for (Found<Telemetry> found : manifests.telemetries()) {
      Telemetry telemetry = found.resource();
      all.add(named("Telemetry", telemetry.metadata().name(), found, new OfTelemetry(telemetry)));
    }
    for (Found<KameletSource> found : manifests.kamelets()) {
      KameletSource kamelet = found.resource();
      all.add(named("Kamelet", kamelet.name(), found, new OfKamelet(kamelet)));
    }
    for (Found<Secret> found : manifests.secrets()) {
      Secret secret = found.resource();
      ResourceName name =
          new ResourceName("Secret", Optional.of(secret.namespace()), secret.name());
      all.add(new Named(name, found.location(), new OfSecret(secret)));
    }
    return all;
  }

  /** The same; a pipeline with a uid of its own if {@code uid} is not empty. */
  Named withUid(String uid) {
    return content instanceof OfPipeline(Pipeline pipeline, String json) && !uid.isEmpty()
        ? new Named(
            name,
            location,
            new OfPipeline(
                pipeline.with(pipeline.metadata().of(Optional.of(uid), Optional.empty())), json))
        : this;
  }

  private static Named named(String kind, String name, Found<?> found, Content content) {
    return new Named(new ResourceName(kind, Optional.empty(), name), found.location(), content);
  }

  /**
   * A name as it counts in a folder, which is one namespace to everything but Secrets.
   *
   * @param name as the manifest has it
   */
  static ResourceName inFolder(ResourceName name) {
    return name.kind().equals("Secret")
        ? new ResourceName("Secret", Optional.of(name.namespace().orElse("default")), name.name())
        : new ResourceName(name.kind(), Optional.empty(), name.name());
  }
}
