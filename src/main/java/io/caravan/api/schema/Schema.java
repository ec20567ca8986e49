/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A structural schema of a resource definition, as far as ours use the language.
 *
 * @param type {@code object}, {@code array}, {@code string}, {@code boolean}, {@code integer} or
 *     {@link #QUANTITY}; empty where any value is allowed
 * @param properties of an object, in the definition's order
 * @param additionalProperties of an object that is a map
 * @param items of an array
 * @param fallback the default, or a missing node
 */
public record Schema(
    String type,
    Map<String, Schema> properties,
    Optional<Schema> additionalProperties,
    Optional<Schema> items,
    List<String> required,
    List<String> allowed,
    Optional<Pattern> pattern,
    OptionalInt minLength,
    OptionalInt maxLength,
    OptionalLong minimum,
    String format,
    JsonNode fallback,
    List<Rule> rules) {

  /** An integer or a string: the form of quantities, and our definitions use it for no other. */
  static final String QUANTITY = "quantity";

  private static final String INT_OR_STRING = "x-kubernetes-int-or-string";

  /** Which keywords {@link #of} understands; a definition with another one is refused. */
  private static final List<String> KEYWORDS =
      List.of(
          "description",
          "type",
          "properties",
          "additionalProperties",
          "items",
          "required",
          "enum",
          "pattern",
          "minLength",
          "maxLength",
          "minimum",
          "format",
          "default",
          "x-kubernetes-validations",
          INT_OR_STRING,
          "x-kubernetes-preserve-unknown-fields",
          "x-kubernetes-list-type",
          "x-kubernetes-list-map-keys");

  /**
   * Reads a schema.
   *
   * @throws IllegalArgumentException for a keyword that would otherwise be ignored
   */
  public static Schema of(JsonNode node) {
    node.fieldNames()
        .forEachRemaining(
            keyword -> {
              if (!KEYWORDS.contains(keyword)
                  && !(keyword.equals("anyOf") && node.has(INT_OR_STRING))) {
                throw new IllegalArgumentException("schema keyword not understood: " + keyword);
              }
            });
    Map<String, Schema> properties = new LinkedHashMap<>();
    node.path("properties")
        .properties()
        .forEach(entry -> properties.put(entry.getKey(), of(entry.getValue())));
    return new Schema(
        node.has(INT_OR_STRING) ? QUANTITY : node.path("type").asText(""),
        java.util.Collections.unmodifiableMap(properties),
        optional(node.path("additionalProperties")).map(Schema::of),
        optional(node.path("items")).map(Schema::of),
        texts(node.path("required")),
        texts(node.path("enum")),
        optional(node.path("pattern")).map(pattern -> Pattern.compile(pattern.asText())),
        optionalInt(node.path("minLength")),
        optionalInt(node.path("maxLength")),
        node.has("minimum") ? OptionalLong.of(node.path("minimum").asLong()) : OptionalLong.empty(),
        node.path("format").asText(""),
        node.has("default") ? node.path("default") : MissingNode.getInstance(),
        node.path("x-kubernetes-validations")
            .valueStream()
            .map(rule -> new Rule(rule.path("rule").asText(), rule.path("message").asText()))
            .toList());
  }

  /** The schema of a property, be it named or one of a map. */
  Optional<Schema> property(String name) {
    return Optional.ofNullable(properties.get(name)).or(() -> additionalProperties);
  }

  private static Optional<JsonNode> optional(JsonNode node) {
    return node.isMissingNode() ? Optional.empty() : Optional.of(node);
  }

  private static OptionalInt optionalInt(JsonNode node) {
    return node.isMissingNode() ? OptionalInt.empty() : OptionalInt.of(node.asInt());
  }

  private static List<String> texts(JsonNode node) {
    return node.valueStream().map(JsonNode::asText).toList();
  }
}
