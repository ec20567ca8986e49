/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.signal.SignalComponent;
import java.util.Map;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.DefaultRegistry;

/** What a Camel context holds for pipelines: equal before and after, or something leaks. */
record Footprint(
    int routes,
    int routeDefinitions,
    int templates,
    int endpoints,
    int services,
    int startupOrder,
    int subscriptions,
    int beans) {

  static Footprint of(ModelCamelContext context) {
    return new Footprint(
        context.getRoutesSize(),
        context.getRouteDefinitions().size(),
        context.getRouteTemplateDefinitions().size(),
        context.getEndpoints().size(),
        context.getCamelContextExtension().getServices().size(),
        context.getCamelContextExtension().getRouteStartupOrder().size(),
        context.getComponent("signal", SignalComponent.class).subscriptions().known(),
        beans(context));
  }

  private static int beans(ModelCamelContext context) {
    Map<String, Object> local =
        context
            .getRegistry(DefaultRegistry.class)
            .getFallbackRegistry()
            .findByTypeWithName(Object.class);
    return local.size();
  }
}
