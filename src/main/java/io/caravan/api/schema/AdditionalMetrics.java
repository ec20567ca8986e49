/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.FieldPath;
import io.caravan.api.RuntimeMetrics;
import io.caravan.api.schema.Violation.Reason;
import java.util.ArrayList;
import java.util.List;

/** Checks the names of metrics that a MetricPipeline asks for; of other kinds nothing. */
final class AdditionalMetrics {

  private static final FieldPath PATH =
      FieldPath.of("spec", "input", "runtime", "additionalMetrics");

  private AdditionalMetrics() {}

  static List<Violation> check(ResourceKind kind, JsonNode tree) {
    List<Violation> violations = new ArrayList<>();
    if (kind == ResourceKind.METRIC_PIPELINE) {
      JsonNode names = tree.at("/spec/input/runtime/additionalMetrics");
      for (int i = 0; i < names.size(); i++) {
        JsonNode name = names.path(i);
        // What is no text is for the schema.
        if (name.isTextual() && !RuntimeMetrics.names().contains(name.asText())) {
          violations.add(
              new Violation(PATH.item(i), Reason.INVALID, RuntimeMetrics.refusal(name.asText())));
        }
      }
    }
    return violations;
  }
}
