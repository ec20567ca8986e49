/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Applies the defaults that stand in a resource definition. */
final class SchemaDefaults {

  private SchemaDefaults() {}

  /**
   * Changes the tree. As in an API server, a null is as good as absent where there is a default.
   */
  static void apply(JsonNode tree, Schema schema) {
    if (tree instanceof ObjectNode object) {
      schema
          .properties()
          .forEach(
              (name, property) -> {
                if (!property.fallback().isMissingNode() && !object.hasNonNull(name)) {
                  object.set(name, property.fallback().deepCopy());
                }
              });
      object
          .properties()
          .forEach(
              entry ->
                  schema
                      .property(entry.getKey())
                      .ifPresent(known -> apply(entry.getValue(), known)));
    } else if (tree.isArray()) {
      schema.items().ifPresent(items -> tree.forEach(item -> apply(item, items)));
    }
  }
}
