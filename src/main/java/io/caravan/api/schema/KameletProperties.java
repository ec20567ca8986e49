/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.FieldPath;
import io.caravan.api.schema.Violation.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Checks the shape of a Kamelet's properties, which no structural schema can describe: a scalar, or
 * a reference to a Secret.
 */
final class KameletProperties {

  private static final String EXPECTED =
      "expected a string, a number, a boolean, or an object with valueFrom.secretKeyRef";

  private KameletProperties() {}

  static List<Violation> check(JsonNode tree) {
    List<Violation> violations = new ArrayList<>();
    FieldPath path = FieldPath.of("spec", "output", "kamelet", "properties");
    tree.path("spec")
        .path("output")
        .path("kamelet")
        .path("properties")
        .properties()
        .forEach(entry -> property(entry.getValue(), path.field(entry.getKey()), violations));
    return violations;
  }

  private static void property(JsonNode value, FieldPath path, List<Violation> violations) {
    if (value.isObject()) {
      fields(value, Set.of("valueFrom"), path, violations);
      JsonNode valueFrom = value.path("valueFrom");
      fields(valueFrom, Set.of("secretKeyRef"), path.field("valueFrom"), violations);
      JsonNode ref = valueFrom.path("secretKeyRef");
      FieldPath refPath = path.field("valueFrom").field("secretKeyRef");
      fields(ref, Set.of("name", "namespace", "key"), refPath, violations);
      ref.properties()
          .forEach(
              entry -> {
                if (!entry.getValue().isTextual() || entry.getValue().asText().isEmpty()) {
                  violations.add(
                      new Violation(
                          refPath.field(entry.getKey()),
                          Reason.INVALID,
                          "expected a string that is not empty"));
                }
              });
    } else if (value.isNull() || value.isArray()) {
      violations.add(new Violation(path, Reason.WRONG_TYPE, EXPECTED));
    }
  }

  /** Exactly these fields, all of them required; a missing node has been reported as a field. */
  private static void fields(
      JsonNode node, Set<String> names, FieldPath path, List<Violation> violations) {
    if (node.isMissingNode()) {
      return;
    }
    if (!node.isObject()) {
      violations.add(new Violation(path, Reason.WRONG_TYPE, EXPECTED));
      return;
    }
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name)) {
                violations.add(
                    new Violation(
                        path.field(name),
                        Reason.UNKNOWN_FIELD,
                        "unknown field" + DidYouMean.hint(name, names)));
              }
            });
    names.stream()
        .sorted()
        .filter(name -> !node.has(name))
        .forEach(
            name ->
                violations.add(
                    new Violation(path.field(name), Reason.MISSING, "required, but missing")));
  }
}
