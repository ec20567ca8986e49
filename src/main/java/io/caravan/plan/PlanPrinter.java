/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.Condition;
import io.caravan.api.Delivery;
import io.caravan.api.OutcomeRule;
import io.caravan.api.schema.ByteQuantity;
import io.caravan.api.schema.GoDuration;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prints a plan for people, one YAML document a pipeline. Values that are secret, by the Kamelet's
 * schema or because they stand in a Secret, are masked. A delivery that is all defaults is left
 * out.
 */
public final class PlanPrinter {
  private static final String MASK = "***";

  private PlanPrinter() {}

  /** Equal plans give equal text. Ends with a line break unless the plan is empty. */
  public static String print(Plan plan) {
    return plan.pipelines().stream()
        .map(PlanPrinter::document)
        .collect(Collectors.joining("---\n"));
  }

  private static String document(PipelinePlan pipeline) {
    Condition condition = pipeline.configurationGenerated();
    StringBuilder document = new StringBuilder();
    line(document, 0, "pipeline", pipeline.id().toString());
    pipeline.deletedAt().ifPresent(at -> line(document, 0, "deletedAt", at.toString()));
    document.append("condition:\n");
    line(document, 2, "type", condition.type());
    line(document, 2, "status", condition.status().toString());
    line(document, 2, "reason", condition.reason());
    line(document, 2, "message", condition.message());
    if (!pipeline.notices().isEmpty()) {
      document.append("notices:\n");
      pipeline
          .notices()
          .forEach(
              notice ->
                  document.append("  - ").append(YamlScalar.readable(notice, 4)).append('\n'));
    }
    pipeline.routes().ifPresent(routes -> add(document, routes));
    if (!pipeline.delivery().equals(Delivery.DEFAULT)) {
      add(document, pipeline.delivery());
    }
    return document.toString();
  }

  private static void add(StringBuilder document, PipelineRoutes routes) {
    line(document, 0, "destination", routes.destination());
    line(document, 0, "kamelet", routes.kamelet().templateId());
    document.append(routes.values().isEmpty() ? "values: {}\n" : "values:\n");
    routes.values().forEach((name, value) -> line(document, 2, name, printed(value)));
    List<OutcomeRule> outcomes = OutcomeRules.of(routes.kamelet().yaml());
    if (!outcomes.isEmpty()) {
      document.append("outcomes:\n");
      for (OutcomeRule rule : outcomes) {
        document.append("  - ").append(YamlScalar.readable(rule.toString(), 4)).append('\n');
      }
    }
    // As they are loaded, and so as they can be found in the log and in Camel's own tools.
    document.append("routes:\n").append(routes.yaml().indent(2));
  }

  /** As a manifest would give it, with the defaults of what it leaves out. */
  private static void add(StringBuilder document, Delivery delivery) {
    document.append("delivery:\n");
    line(document, 2, "acknowledge", delivery.acknowledge().toString());
    document.append("  buffer:\n");
    line(document, 4, "size", ByteQuantity.format(delivery.buffer().size()));
    line(document, 4, "age", GoDuration.format(delivery.buffer().age()));
    line(document, 2, "whenFull", delivery.whenFull().toString());
    line(document, 2, "order", delivery.order().toString());
    document.append("  retry:\n");
    line(document, 4, "initial", GoDuration.format(delivery.retry().initial()));
    line(document, 4, "max", GoDuration.format(delivery.retry().max()));
    line(document, 2, "onDelete", GoDuration.format(delivery.onDelete()));
    delivery
        .retain()
        .ifPresent(
            retain -> {
              document.append("  retain:\n");
              retain.age().ifPresent(age -> line(document, 4, "age", GoDuration.format(age)));
              retain.size().ifPresent(size -> line(document, 4, "size", ByteQuantity.format(size)));
            });
    line(document, 2, "holdInput", GoDuration.format(delivery.holdInput()));
  }

  private static String printed(PlanValue value) {
    return switch (value) {
      case PlanValue.Literal literal -> Destination.masked(literal.text());
      case PlanValue.Referenced _, PlanValue.Secret _ -> MASK;
    };
  }

  private static void line(StringBuilder document, int indent, String key, String value) {
    document
        .append(" ".repeat(indent))
        .append(YamlScalar.readable(key, 0))
        .append(": ")
        .append(YamlScalar.readable(value, indent + 2))
        .append('\n');
  }
}
