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
import java.util.Optional;

/**
 * Evaluates the CEL rules of a schema against a tree, each where it stands. As in an API server, a
 * rule is left out where the tree below it is not of the shape that the rule counts on, and a
 * transition rule where there is nothing to compare with.
 */
final class RuleCheck {

  private final List<FieldPath> broken;
  private final List<Violation> violations = new ArrayList<>();

  private RuleCheck(List<Violation> structural) {
    broken = structural.stream().filter(Violation::blocksRules).map(Violation::path).toList();
  }

  static List<Violation> check(
      JsonNode tree,
      Optional<JsonNode> before,
      Schema schema,
      FieldPath path,
      List<Violation> structural) {
    RuleCheck check = new RuleCheck(structural);
    check.value(tree, before, schema, path);
    return check.violations;
  }

  private void value(JsonNode node, Optional<JsonNode> before, Schema schema, FieldPath path) {
    if (broken.stream().noneMatch(field -> field.within(path))) {
      for (Rule rule : schema.rules()) {
        if (!(rule.isTransition() && before.isEmpty())
            && !CelRules.shared().holds(rule, node, schema, before)) {
          violations.add(new Violation(path, Reason.RULE, rule.message()));
        }
      }
    }
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  schema
                      .property(entry.getKey())
                      .ifPresent(
                          known ->
                              value(
                                  entry.getValue(),
                                  before.map(old -> old.get(entry.getKey())),
                                  known,
                                  path.field(entry.getKey()))));
    } else if (node.isArray() && schema.items().isPresent()) {
      // Our lists have no keys, so that items cannot be compared with those of before.
      for (int i = 0; i < node.size(); i++) {
        value(node.path(i), Optional.empty(), schema.items().get(), path.item(i));
      }
    }
  }
}
