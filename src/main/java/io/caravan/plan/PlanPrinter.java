/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Prints a plan for people, one YAML document a pipeline. Values that are secret, by the Kamelet's
 * schema or because they stand in a Secret, are masked.
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
    SequencedMap<String, Object> document = new LinkedHashMap<>();
    document.put("pipeline", pipeline.id().toString());
    SequencedMap<String, String> condition = new LinkedHashMap<>();
    condition.put("type", pipeline.configurationGenerated().type());
    condition.put("status", pipeline.configurationGenerated().status().toString());
    condition.put("reason", pipeline.configurationGenerated().reason());
    condition.put("message", pipeline.configurationGenerated().message());
    document.put("condition", condition);
    if (!pipeline.notices().isEmpty()) {
      document.put("notices", pipeline.notices());
    }
    pipeline
        .routes()
        .ifPresent(
            routes -> {
              document.put("destination", routes.destination());
              document.put("kamelet", routes.kamelet().templateId());
              document.put("values", values(routes.values()));
            });
    return dump(document) + pipeline.routes().map(PlanPrinter::routes).orElse("");
  }

  private static Map<String, String> values(Map<String, PlanValue> values) {
    SequencedMap<String, String> printed = new LinkedHashMap<>();
    values.forEach(
        (name, value) ->
            printed.put(
                name,
                switch (value) {
                  case PlanValue.Literal literal -> literal.text();
                  case PlanValue.Referenced _, PlanValue.Secret _ -> MASK;
                }));
    return printed;
  }

  /** As they are loaded, and so as they can be found in the log and in Camel's own tools. */
  private static String routes(PipelineRoutes routes) {
    return "routes:\n" + routes.yaml().indent(2);
  }

  private static String dump(Map<String, Object> document) {
    return new Dump(
            DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setSplitLines(false)
                .build())
        .dumpToString(document);
  }
}
