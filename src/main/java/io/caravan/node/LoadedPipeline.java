/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.api.PipelineId;
import io.caravan.plan.PipelineRoutes;
import java.util.List;

/**
 * One version of a pipeline whose routes run in Camel.
 *
 * @param beans what was bound in Camel's registry for it
 * @param nonBlocking whether its connector leaves the thread that calls it free
 */
record LoadedPipeline(
    PipelineId id, PipelineRoutes routes, List<String> beans, boolean nonBlocking) {

  LoadedPipeline {
    beans = List.copyOf(beans);
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
