/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Says how to get from one tree to another, as RFC 6902 has it. Thread-safe. */
final class JsonPatch {

  private JsonPatch() {}

  /** The operations; none where the trees are equal. */
  static ArrayNode between(JsonNode before, JsonNode after) {
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    difference(before, after, "", patch);
    return patch;
  }

  private static void difference(JsonNode before, JsonNode after, String path, ArrayNode patch) {
    if (before.equals(after)) {
      return;
    }
    if (before instanceof ObjectNode from && after instanceof ObjectNode to) {
      to.properties()
          .forEach(
              entry -> {
                String field = path + "/" + escaped(entry.getKey());
                JsonNode old = from.path(entry.getKey());
                if (old.isMissingNode()) {
                  operation(patch, "add", field).set("value", entry.getValue());
                } else {
                  difference(old, entry.getValue(), field, patch);
                }
              });
      from.fieldNames()
          .forEachRemaining(
              name -> {
                if (!to.has(name)) {
                  operation(patch, "remove", path + "/" + escaped(name));
                }
              });
    } else if (before.isArray() && after.isArray() && before.size() == after.size()) {
      for (int i = 0; i < before.size(); i++) {
        difference(before.path(i), after.path(i), path + "/" + i, patch);
      }
    } else {
      operation(patch, "replace", path).set("value", after);
    }
  }

  private static ObjectNode operation(ArrayNode patch, String name, String path) {
    return patch.addObject().put("op", name).put("path", path);
  }

  /** A JSON pointer's own two characters, RFC 6901. */
  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }
}
