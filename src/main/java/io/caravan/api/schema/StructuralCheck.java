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
import java.util.Map;

/** Compares a tree with a structural schema. Not thread-safe; one use. */
final class StructuralCheck {

  private final List<Violation> violations = new ArrayList<>();

  static List<Violation> check(JsonNode tree, Schema schema, FieldPath path) {
    StructuralCheck check = new StructuralCheck();
    check.value(tree, schema, path);
    return check.violations;
  }

  private void value(JsonNode node, Schema schema, FieldPath path) {
    String found = JsonTypes.nameOf(node);
    if (node.isNull() && !schema.type().isEmpty()) {
      add(
          path,
          Reason.WRONG_TYPE,
          "expected %s, found nothing: give it a value or leave the field out"
              .formatted(article(schema.type())));
    } else if (!schema.type().isEmpty() && !isOf(schema, found)) {
      add(
          path,
          Reason.WRONG_TYPE,
          "expected %s, found %s%s"
              .formatted(article(schema.type()), article(found), quotesHint(schema, node)));
    } else {
      switch (schema.type()) {
        case "object" -> object(node, schema, path);
        case "array" -> array(node, schema, path);
        case "string" -> string(node.asText(), schema, path);
        case "integer" -> integer(node, schema, path);
        case Schema.QUANTITY -> quantity(node, schema, path);
        default -> {}
      }
    }
  }

  private void object(JsonNode node, Schema schema, FieldPath path) {
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      FieldPath field = path.field(entry.getKey());
      schema
          .property(entry.getKey())
          .ifPresentOrElse(
              known -> value(entry.getValue(), known, field),
              () -> {
                if (!isOpen(schema)) {
                  add(field, Reason.UNKNOWN_FIELD, unknown(entry.getKey(), schema));
                }
              });
    }
    for (String required : schema.required()) {
      if (!node.has(required)) {
        add(path.field(required), Reason.MISSING, "required, but missing");
      }
    }
  }

  /** An object whose definition names no fields, as that of metadata, is checked elsewhere. */
  private static boolean isOpen(Schema schema) {
    return schema.properties().isEmpty() && schema.additionalProperties().isEmpty();
  }

  private static String unknown(String name, Schema schema) {
    return "unknown field%s Allowed: %s"
        .formatted(
            DidYouMean.nearest(name, schema.properties().keySet())
                .map("; did you mean '%s'?"::formatted)
                .orElse("."),
            String.join(", ", schema.properties().keySet()));
  }

  private void array(JsonNode node, Schema schema, FieldPath path) {
    schema
        .items()
        .ifPresent(
            items -> {
              for (int i = 0; i < node.size(); i++) {
                value(node.path(i), items, path.item(i));
              }
            });
  }

  private void string(String text, Schema schema, FieldPath path) {
    if (!schema.allowed().isEmpty() && !schema.allowed().contains(text)) {
      add(
          path,
          Reason.INVALID,
          "found '%s', allowed: %s%s"
              .formatted(
                  JsonTypes.shortened(text),
                  String.join(", ", schema.allowed()),
                  DidYouMean.hint(text, schema.allowed())));
    }
    int length = text.codePointCount(0, text.length());
    schema
        .minLength()
        .ifPresent(
            min -> {
              if (length < min) {
                add(
                    path,
                    Reason.INVALID,
                    min == 1
                        ? "must not be empty"
                        : "must have %d characters or more".formatted(min));
              }
            });
    schema
        .maxLength()
        .ifPresent(
            max -> {
              if (length > max) {
                add(
                    path,
                    Reason.INVALID,
                    "has %d characters, allowed are %d at most".formatted(length, max));
              }
            });
    // An API server takes days too for a duration, which a pattern forbids; we say it better.
    boolean isDuration = schema.format().equals("duration");
    schema
        .pattern()
        .ifPresent(
            pattern -> {
              if (!isDuration && !pattern.matcher(text).find()) {
                add(
                    path,
                    Reason.INVALID,
                    "found '%s', which should match %s"
                        .formatted(JsonTypes.shortened(text), pattern));
              }
            });
    if (isDuration && GoDuration.parse(text).isEmpty()) {
      add(
          path,
          Reason.WRONG_TYPE,
          "found '%s', expected a duration such as 30s, 1m or 1h30m"
              .formatted(JsonTypes.shortened(text)));
    }
    if (schema.format().equals("date-time") && Timestamp.parse(text).isEmpty()) {
      add(
          path,
          Reason.WRONG_TYPE,
          "found '%s', expected a time of RFC 3339 such as 2026-11-21T08:00:00Z"
              .formatted(JsonTypes.shortened(text)));
    }
  }

  /** Stricter than the definition's pattern only where a text is longer than anybody writes. */
  private void quantity(JsonNode node, Schema schema, FieldPath path) {
    if (node.isNumber()) {
      integer(node, schema, path);
    } else if (ByteQuantity.parse(node.asText()).orElse(0) == 0) {
      add(
          path,
          Reason.INVALID,
          "found '%s', expected bytes, more than 0, such as 1Gi, 500Mi or 10M%s"
              .formatted(JsonTypes.shortened(node.asText()), ByteQuantity.hint(node.asText())));
    }
  }

  private void integer(JsonNode node, Schema schema, FieldPath path) {
    boolean inRange =
        schema.format().equals("int32") ? node.canConvertToInt() : node.canConvertToLong();
    if (!inRange) {
      add(
          path,
          Reason.INVALID,
          "found %s, which is out of the range of %s"
              .formatted(JsonTypes.shortened(node.asText()), schema.format()));
      return;
    }
    schema
        .minimum()
        .ifPresent(
            minimum -> {
              if (node.asLong() < minimum) {
                add(
                    path,
                    Reason.INVALID,
                    "found %s, allowed are %d and more".formatted(node.asText(), minimum));
              }
            });
  }

  private static boolean isOf(Schema schema, String found) {
    return schema.type().equals(Schema.QUANTITY)
        ? found.equals("integer") || found.equals("string")
        : schema.type().equals(found);
  }

  private static String quotesHint(Schema schema, JsonNode node) {
    return schema.type().equals("string") && (node.isNumber() || node.isBoolean())
        ? "; put it in quotes"
        : "";
  }

  private static String article(String type) {
    return "aeiou".indexOf(type.charAt(0)) >= 0 ? "an " + type : "a " + type;
  }

  private void add(FieldPath path, Reason reason, String message) {
    violations.add(new Violation(path, reason, message));
  }
}
