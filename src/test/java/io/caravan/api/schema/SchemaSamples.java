/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.RuntimeMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Makes valid resources by chance, the same ones each time. */
public final class SchemaSamples {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Fields of which an object has one at most. */
  private static final List<List<String>> EXCLUSIVE =
      List.of(
          List.of("include", "exclude", "system"),
          List.of("value", "valueFrom"),
          List.of("basic", "oauth2"),
          List.of("otlp", "kamelet", "http", "custom"),
          List.of("key", "keyPrefix"));

  private final Random random;

  private SchemaSamples(long seed) {
    random = new Random(seed);
  }

  /** Valid resources of a kind in a version. */
  public static Stream<ObjectNode> of(ResourceKind kind, ApiVersion version, int count) {
    return IntStream.range(0, count * 10)
        .mapToObj(seed -> new SchemaSamples(seed).resource(kind, version))
        .filter(
            tree -> Admission.review(kind, version, tree, Optional.empty()).violations().isEmpty())
        .limit(count);
  }

  private ObjectNode resource(ResourceKind kind, ApiVersion version) {
    ObjectNode tree = Trees.resource(kind, version, "{}");
    ((ObjectNode) tree.path("metadata")).put("generation", 1 + random.nextInt(9));
    Schema spec = Definitions.schema(kind, version).property("spec").orElseThrow();
    tree.set("spec", value("spec", spec));
    if (kind == ResourceKind.LOG_PIPELINE) {
      fitting((ObjectNode) tree.path("spec"));
    }
    return tree;
  }

  /** The fields of the one technology are refused with the outputs of the other. */
  private static void fitting(ObjectNode spec) {
    JsonNode output = spec.path("output");
    if (output.has("otlp") || output.has("kamelet")) {
      spec.remove(List.of("filters", "files", "variables"));
      spec.path("input")
          .forEach(input -> ((ObjectNode) input).remove(List.of("dropLabels", "keepAnnotations")));
    } else {
      spec.remove(List.of("transform", "filter"));
      if (spec.path("input") instanceof ObjectNode input) {
        input.remove("otlp");
      }
    }
  }

  private JsonNode value(String name, Schema schema) {
    if (!schema.allowed().isEmpty()) {
      return JSON.textNode(one(schema.allowed()));
    }
    return switch (schema.type()) {
      case "object" -> object(schema);
      case "array" ->
          JSON.arrayNode()
              .addAll(
                  IntStream.rangeClosed(0, random.nextInt(2))
                      .mapToObj(_ -> value(name, schema.items().orElseThrow()))
                      .toList());
      case "boolean" -> JSON.booleanNode(random.nextBoolean());
      case "integer" -> JSON.numberNode(1 + random.nextInt(100));
      case Schema.QUANTITY -> JSON.textNode(1 + random.nextInt(900) + "Mi");
      default -> JSON.textNode(text(name, schema));
    };
  }

  private String text(String name, Schema schema) {
    return switch (schema.format()) {
      case "duration" -> 1 + random.nextInt(20) + "s";
      case "date-time" -> "2026-11-21T08:00:%02dZ".formatted(random.nextInt(60));
      default ->
          switch (name) {
            case "uri" -> "/x";
            case "additionalMetrics" -> one(RuntimeMetrics.names().stream().sorted().toList());
            case "value" -> "https://example.com:" + random.nextInt(9999);
            default -> "text-" + random.nextInt(100);
          };
    };
  }

  private ObjectNode object(Schema schema) {
    ObjectNode object = JSON.objectNode();
    schema.additionalProperties().ifPresent(values -> object.set("key", value("", values)));
    List<String> names = new ArrayList<>(schema.properties().keySet());
    for (List<String> group : EXCLUSIVE) {
      List<String> there = group.stream().filter(names::contains).toList();
      if (there.size() > 1) {
        names.removeAll(there);
        names.add(one(there));
      }
    }
    for (String name : names) {
      boolean needed =
          schema.required().contains(name)
              || EXCLUSIVE.stream().anyMatch(group -> group.contains(name));
      if (needed || random.nextInt(3) > 0) {
        object.set(name, value(name, schema.property(name).orElseThrow()));
      }
    }
    if (object.has("cert") != object.has("key") && schema.properties().containsKey("cert")) {
      object.remove(List.of("cert", "key"));
    }
    return object;
  }

  private <T> T one(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
