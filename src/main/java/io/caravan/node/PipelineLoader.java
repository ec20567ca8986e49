/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.api.PipelineId;
import io.caravan.plan.PipelineRoutes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads one version of a pipeline into Camel, all of it or nothing, and takes it out again without
 * a rest: routes, endpoints, template, registry entries. Not thread-safe.
 */
final class PipelineLoader {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineLoader.class);

  /**
   * What is stopped has been drained before; what has not left by then is cut off. Short, because
   * Camel lets no other route be changed meanwhile.
   */
  private static final long STOP_MILLIS = 100;

  private final ModelCamelContext context;
  private final KameletTemplates templates;
  private final PipelineSecrets secrets = new PipelineSecrets();
  private final KameletValues values = new KameletValues(secrets);
  private final LoadedEndpoints endpoints = new LoadedEndpoints();

  PipelineLoader(ModelCamelContext context) {
    this.context = context;
    this.templates = new KameletTemplates(context);
    context.getRegistry(DefaultRegistry.class).addBeanRepository(secrets);
    context.getCamelContextExtension().registerEndpointCallback(endpoints);
    context.getPropertiesComponent().addPropertiesSource(values);
  }

  /**
   * Starts the pipeline's routes beside whatever runs.
   *
   * @throws PipelineLoadException with Camel's words and without the pipeline's secrets
   */
  LoadedPipeline load(PipelineId id, PipelineRoutes routes) throws PipelineLoadException {
    List<String> names = new ArrayList<>();
    boolean acquired = false;
    endpoints.begin();
    try {
      templates.acquire(routes.kamelet());
      acquired = true;
      String sinkRouteId = LoadedPipeline.sinkRouteId(routes);
      names.addAll(values.offer(routes.kamelet().templateId(), sinkRouteId, routes.values()));
      // Camel keeps the name of a text that it could not load: one name for all versions.
      Resource yaml = ResourceHelper.fromString(id + ".camel.yaml", routes.yaml());
      PluginHelper.getRoutesLoader(context).loadRoutes(yaml);
      requireStarted(routes.routeId());
      requireStarted(sinkRouteId);
      return new LoadedPipeline(
          id, routes, names, threads(id, routes), templates.outcomes(routes.kamelet()));
    } catch (Exception | LinkageError e) {
      // A LinkageError is a Kamelet's class that is missing or does not fit: that pipeline's.
      List<Endpoint> made = endpoints.end();
      removeAll(routes, names, acquired);
      remove(made);
      throw new PipelineLoadException(routes.values().values(), e);
    } finally {
      endpoints.end();
      values.withdraw();
    }
  }

  private Optional<ConnectorThreads> threads(PipelineId id, PipelineRoutes routes) {
    return templates.nonBlocking(routes.kamelet())
        ? Optional.empty()
        : Optional.of(new ConnectorThreads(id.toString()));
  }

  void unload(LoadedPipeline pipeline) {
    pipeline.threads().ifPresent(ConnectorThreads::retire);
    removeAll(pipeline.routes(), pipeline.secrets(), true);
  }

  private void requireStarted(String routeId) {
    if (!context.getRouteController().getRouteStatus(routeId).isStarted()) {
      throw new IllegalStateException("Route " + routeId + " did not start");
    }
  }

  private void removeAll(PipelineRoutes routes, List<String> names, boolean releaseTemplate) {
    removeRoute(routes.routeId());
    removeRoute(LoadedPipeline.sinkRouteId(routes));
    names.forEach(secrets::forget);
    if (releaseTemplate) {
      try {
        templates.release(routes.kamelet());
      } catch (Exception e) {
        complain(routes.kamelet().templateId(), e);
      }
    }
  }

  /** Camel removes a route's endpoints with the route; of one that never was, nobody does. */
  private void remove(List<Endpoint> made) {
    for (Endpoint endpoint : made) {
      try {
        context.removeEndpoint(endpoint);
      } catch (Exception e) {
        complain(endpoint.getEndpointBaseUri(), e);
      }
    }
  }

  private void removeRoute(String routeId) {
    try {
      if (context.getRoute(routeId) != null
          || context.getRouteController().getRouteStatus(routeId) != null) {
        context.getRouteController().stopRoute(routeId, STOP_MILLIS, TimeUnit.MILLISECONDS, false);
        context.removeRoute(routeId);
      }
      // A route that failed to start is known as a definition only.
      RouteDefinition definition = context.getRouteDefinition(routeId);
      if (definition != null) {
        context.removeRouteDefinition(definition);
      }
    } catch (Exception e) {
      complain(routeId, e);
    }
  }

  private static void complain(String what, Exception e) {
    LOG.error(
        "event=unload_failed what={} error=\"{}\" action=\"restart the node if this repeats\"",
        what,
        e.toString());
  }
}
