/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A pipeline's generated routes.
 *
 * @param digest of everything below and of the Kamelet's content, 12 lower-case hex digits; two
 *     versions with one digest are the same
 * @param routeId the id of the pipeline's route and the prefix of the ids of all that belongs to
 *     it: {@code tracepipeline-demo-0123456789ab}
 * @param yaml a few lines of Camel YAML that instantiate the templates of {@code routes/}; no
 *     secrets in it
 * @param kamelet the connector
 * @param values the Kamelet's properties
 * @param destination where it delivers, for people: {@code otlp-grpc-sink to http://backend:4317};
 *     no secrets in it
 */
public record PipelineRoutes(
    String digest,
    String routeId,
    String yaml,
    PlannedKamelet kamelet,
    SortedMap<String, PlanValue> values,
    String destination) {

  public PipelineRoutes {
    values = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }
}
