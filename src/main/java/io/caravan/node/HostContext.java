/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.LoggingLevel;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.main.Main;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;

/** Camel's context, for a host with thousands of routes. As thread-safe as Camel's own. */
final class HostContext extends DefaultCamelContext {

  private HostContext() {
    super(false);
  }

  /** Camel's main program with such a context, neither built nor started. */
  static Main main() {
    return new Main() {
      @Override
      protected CamelContext createCamelContext() {
        HostContext context = new HostContext();
        context.getCamelContextExtension().setRegistry(registry);
        return context;
      }
    };
  }

  /**
   * Camel removes a route of the same name before it adds one, and gathers the endpoints of all
   * other routes for that, also where there is no such route: of the time to load a thousand
   * pipelines that is a third.
   */
  @Override
  protected boolean removeRoute(String routeId, LoggingLevel loggingLevel) throws Exception {
    return getRouteServices().containsKey(routeId) && super.removeRoute(routeId, loggingLevel);
  }

  /**
   * Camel asks for the step that a Kamelet is called from, and looks through all routes for it. It
   * is nearly always in the newest.
   */
  @Override
  public @Nullable ProcessorDefinition<?> getProcessorDefinition(String id) {
    List<RouteDefinition> routes = getRouteDefinitions();
    if (!routes.isEmpty()) {
      for (ProcessorDefinition<?> step :
          ProcessorDefinitionHelper.filterTypeInOutputs(
              routes.getLast().getOutputs(), ProcessorDefinition.class)) {
        if (id.equals(step.getId())) {
          return step;
        }
      }
    }
    return super.getProcessorDefinition(id);
  }
}
