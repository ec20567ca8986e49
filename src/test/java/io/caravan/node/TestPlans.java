/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.PipelineId;
import io.caravan.api.PipelineKind;
import io.caravan.plan.PipelinePlan;
import io.caravan.plan.PipelineRoutes;
import io.caravan.plan.Plan;
import io.caravan.plan.PlanValue;
import io.caravan.plan.PlannedKamelet;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Plans as the planner makes them, with Kamelets of the tests' own. */
final class TestPlans {
  private static final Condition GENERATED =
      new Condition("ConfigurationGenerated", Condition.Status.TRUE, "AgentGatewayConfigured", "");

  private TestPlans() {}

  static Plan plan(PipelinePlan... pipelines) {
    return new Plan(Arrays.stream(pipelines).sorted((a, b) -> a.id().compareTo(b.id())).toList());
  }

  static PipelineId id(String name) {
    return new PipelineId(PipelineKind.TRACE, name);
  }

  /** A pipeline whose condition is False: planned, and nothing of it runs. */
  static PipelinePlan rejected(String name) {
    Condition condition =
        new Condition(
            "ConfigurationGenerated", Condition.Status.FALSE, "ReferencedSecretMissing", "no");
    return new PipelinePlan(id(name), condition, List.of(), Delivery.DEFAULT, Optional.empty());
  }

  static PipelinePlan pipeline(
      String name, String version, PlannedKamelet kamelet, Map<String, PlanValue> values) {
    String digest =
        "%012x".formatted((long) (name + version + kamelet.yaml()).hashCode() & 0xffffffffL);
    String routeId = "tracepipeline-" + name + "-" + digest;
    String yaml =
        """
        - templatedRoute:
            routeTemplateRef: pipeline
            routeId: '%s'
            parameters:
              - name: pipeline
                value: 'tracepipeline/%s'
              - name: digest
                value: '%s'
              - name: include
                value: ''
              - name: exclude
                value: ''
              - name: sink
                value: '%s/%s-sink'
        """
            .formatted(routeId, name, digest, kamelet.templateId(), routeId);
    PipelineRoutes routes =
        new PipelineRoutes(
            digest, routeId, yaml, kamelet, new TreeMap<>(values), kamelet.name() + " to a test");
    return new PipelinePlan(id(name), GENERATED, List.of(), Delivery.DEFAULT, Optional.of(routes));
  }

  static PipelinePlan pipeline(String name, String version, PlannedKamelet kamelet) {
    return pipeline(name, version, kamelet, Map.of());
  }

  /** A Kamelet of these steps; {@code properties} are names, secret if they begin with secret. */
  static PlannedKamelet kamelet(String name, String steps, String... properties) {
    StringBuilder schema = new StringBuilder();
    for (String property : properties) {
      schema
          .append("      ")
          .append(property)
          .append(":\n        type: string\n")
          .append(property.startsWith("secret") ? "        format: password\n" : "");
    }
    String yaml =
        """
        apiVersion: camel.apache.org/v1
        kind: Kamelet
        metadata:
          name: %s
          labels:
            camel.apache.org/kamelet.type: sink
        spec:
          definition:
            title: Test
        %s  template:
            from:
              uri: kamelet:source
              steps:
        %s
        """
            .formatted(
                name,
                schema.isEmpty() ? "" : "    properties:\n" + schema,
                steps.strip().indent(8).stripTrailing());
    return new PlannedKamelet(name, name + "-%08x".formatted(yaml.hashCode()), yaml);
  }

  /** A Kamelet of these steps whose author says that it never holds its caller. */
  static PlannedKamelet nonBlocking(String name, String steps) {
    String yaml =
        kamelet(name, steps)
            .yaml()
            .replace(
                "  name: " + name,
                "  name: " + name + "\n  annotations:\n    caravan.io/non-blocking: \"true\"");
    return new PlannedKamelet(name, name + "-0123456789ab", yaml);
  }
}
