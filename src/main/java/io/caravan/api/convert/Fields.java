/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Reads fields of valid trees; a field that is not there is off or empty. */
final class Fields {

  private Fields() {}

  static Optional<String> text(JsonNode node, String field) {
    return node.has(field) ? Optional.of(node.path(field).asText()) : Optional.empty();
  }

  static boolean flag(JsonNode node, String field) {
    return node.path(field).asBoolean(false);
  }

  static List<String> texts(JsonNode node, String field) {
    return list(node, field, JsonNode::asText);
  }

  static <T> List<T> list(JsonNode node, String field, Function<JsonNode, T> item) {
    return node.path(field).valueStream().map(item).toList();
  }

  static <T> Map<String, T> map(JsonNode node, String field, Function<JsonNode, T> value) {
    Map<String, T> map = new LinkedHashMap<>();
    node.path(field)
        .properties()
        .forEach(entry -> map.put(entry.getKey(), value.apply(entry.getValue())));
    return map;
  }

  /** A constant of an enum, which a manifest writes in lower case. */
  static <E extends Enum<E>> Optional<E> constant(JsonNode node, String field, Class<E> type) {
    return text(node, field).map(text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT)));
  }
}
