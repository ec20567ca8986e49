/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.FieldPath;
import io.caravan.api.yaml.YamlNode.Mapping;
import io.caravan.api.yaml.YamlNode.Scalar;
import io.caravan.api.yaml.YamlNode.Sequence;
import java.util.HashMap;
import java.util.Map;

/** One document of a file: its tree, the place of each field in the file, and its text. */
public final class YamlDocument {

  private final JsonNode tree;
  private final Map<FieldPath, Place> places = new HashMap<>();
  private final Map<FieldPath, Place> keys = new HashMap<>();
  private final Place start;
  private final String text;

  YamlDocument(YamlNode root, String text) {
    this.start = root.place();
    this.text = text;
    this.tree = tree(root, FieldPath.ROOT);
  }

  /** The tree; whoever changes it changes it for all. */
  public JsonNode tree() {
    return tree;
  }

  /** Where the document's first value stands. */
  public Place start() {
    return start;
  }

  /** The text of the document. */
  public String text() {
    return text;
  }

  /**
   * The place of a field: of its value where that is a scalar, else of its key; for a field that is
   * not in the document that of the nearest field round it.
   */
  public Place place(FieldPath path) {
    Place place = places.get(path);
    return place != null ? place : path.parent().map(this::place).orElse(start);
  }

  /** The place of a field's key, or of the field where it has none. */
  public Place placeOfKey(FieldPath path) {
    Place place = keys.get(path);
    return place != null ? place : place(path);
  }

  private JsonNode tree(YamlNode node, FieldPath path) {
    return switch (node) {
      case Scalar scalar -> {
        places.put(path, scalar.place());
        yield ScalarTypes.typed(scalar);
      }
      case Sequence sequence -> {
        places.putIfAbsent(path, sequence.place());
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        for (YamlNode item : sequence.items()) {
          array.add(tree(item, path.item(array.size())));
        }
        yield array;
      }
      case Mapping mapping -> {
        places.putIfAbsent(path, mapping.place());
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        mapping
            .entries()
            .forEach(
                (key, entry) -> {
                  FieldPath field = path.field(key);
                  keys.put(field, entry.key());
                  places.put(field, entry.key());
                  object.set(key, tree(entry.value(), field));
                });
        yield object;
      }
    };
  }
}
