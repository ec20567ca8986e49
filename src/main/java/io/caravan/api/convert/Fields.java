/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.schema.ByteQuantity;
import io.caravan.api.schema.GoDuration;
import io.caravan.api.schema.Timestamp;
import java.time.Duration;
import java.time.Instant;
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

  /** A constant of an enum, which a manifest writes in camel case. */
  static <E extends Enum<E>> Optional<E> constant(JsonNode node, String field, Class<E> type) {
    return text(node, field)
        .map(text -> text.replaceAll("([a-z])([A-Z])", "$1_$2").toUpperCase(Locale.ROOT))
        .map(name -> Enum.valueOf(type, name));
  }

  /** Never the default in place of what cannot be read: an API server may have let it pass. */
  static Optional<Duration> duration(JsonNode node, String field) {
    return text(node, field)
        .map(
            text ->
                GoDuration.parse(text)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "%s: not a duration: '%s'".formatted(field, text))));
  }

  /** A point in time. */
  static Optional<Instant> time(JsonNode node, String field) {
    return text(node, field)
        .map(
            text ->
                Timestamp.parse(text)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "%s: not a time of RFC 3339: '%s'".formatted(field, text))));
  }

  /** An amount of bytes; a number is one as well. */
  static Optional<Long> bytes(JsonNode node, String field) {
    return text(node, field)
        .map(
            text ->
                ByteQuantity.parse(text)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "%s: not an amount of bytes: '%s'".formatted(field, text))));
  }
}
