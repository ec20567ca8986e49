/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.api.OutcomeRule;
import io.caravan.plan.OutcomeRules;
import io.caravan.plan.PlannedKamelet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The Kamelets that running pipelines use, registered as route templates by their content: two
 * versions of one Kamelet live side by side, and the last pipeline that uses one takes it away. Not
 * thread-safe.
 */
final class KameletTemplates {
  /**
   * What a Kamelet's author says of its template: it never holds the thread that calls it. Such a
   * route runs on the sender's event loop; every other one has threads of its own.
   */
  static final String NON_BLOCKING = "caravan.io/non-blocking";

  private final ModelCamelContext context;
  private final Map<String, Registered> registered = new HashMap<>();

  KameletTemplates(ModelCamelContext context) {
    this.context = context;
  }

  private static final class Registered {
    final RouteTemplateDefinition template;
    final boolean nonBlocking;
    final List<OutcomeRule> outcomes;
    int users;

    Registered(RouteTemplateDefinition template, boolean nonBlocking, List<OutcomeRule> outcomes) {
      this.template = template;
      this.nonBlocking = nonBlocking;
      this.outcomes = outcomes;
    }
  }

  /** Registers the Kamelet unless another pipeline has; {@link #release} takes this back. */
  void acquire(PlannedKamelet kamelet) throws Exception {
    Registered known = registered.get(kamelet.templateId());
    if (known == null) {
      List<OutcomeRule> outcomes = OutcomeRules.of(kamelet.yaml());
      known = new Registered(load(kamelet), isNonBlocking(kamelet), outcomes);
      registered.put(kamelet.templateId(), known);
    }
    known.users++;
  }

  void release(PlannedKamelet kamelet) throws Exception {
    Registered known = registered.get(kamelet.templateId());
    if (known != null && --known.users == 0) {
      registered.remove(kamelet.templateId());
      context.removeRouteTemplateDefinition(known.template);
    }
  }

  boolean nonBlocking(PlannedKamelet kamelet) {
    Registered known = registered.get(kamelet.templateId());
    return known != null && known.nonBlocking;
  }

  /** What the Kamelet declares of its failures; it has to be registered. */
  List<OutcomeRule> outcomes(PlannedKamelet kamelet) {
    Registered known = registered.get(kamelet.templateId());
    return known == null ? List.of() : known.outcomes;
  }

  /** Camel names a template as the Kamelet is named; here its content names it. */
  private RouteTemplateDefinition load(PlannedKamelet kamelet) throws Exception {
    RoutesLoader loader = PluginHelper.getRoutesLoader(context);
    Resource resource =
        ResourceHelper.fromString(kamelet.templateId() + ".kamelet.yaml", kamelet.yaml());
    int before = context.getRouteTemplateDefinitions().size();
    loader.loadRoutes(resource);
    List<RouteTemplateDefinition> templates = context.getRouteTemplateDefinitions();
    if (templates.size() != before + 1) {
      throw new IllegalArgumentException("Kamelet '" + kamelet.name() + "' holds no template");
    }
    RouteTemplateDefinition template = templates.getLast();
    template.setId(kamelet.templateId());
    return template;
  }

  private static boolean isNonBlocking(PlannedKamelet kamelet) {
    Object root = new Load(LoadSettings.builder().build()).loadFromString(kamelet.yaml());
    return root instanceof Map<?, ?> resource
        && resource.get("metadata") instanceof Map<?, ?> metadata
        && metadata.get("annotations") instanceof Map<?, ?> annotations
        && "true".equals(String.valueOf(annotations.get(NON_BLOCKING)));
  }
}
