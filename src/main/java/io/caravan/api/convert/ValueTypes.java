/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.ValueType;
import io.caravan.api.ValueType.Literal;
import io.caravan.api.ValueType.SecretKeyRef;
import java.math.BigDecimal;
import java.util.Optional;

/** Reads values that stand in the manifest or in a Secret. */
final class ValueTypes {

  private ValueTypes() {}

  /** A value whose presence a rule has ensured. */
  static ValueType required(JsonNode node) {
    return optional(node)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "neither value nor valueFrom, though the rules demand one"));
  }

  /** Empty where neither {@code value} nor {@code valueFrom} is set. */
  static Optional<ValueType> optional(JsonNode node) {
    if (node.has("valueFrom")) {
      return Optional.of(secretKeyRef(node.path("valueFrom")));
    }
    return Fields.text(node, "value").map(Literal::new);
  }

  /** A Kamelet's property: a scalar, or an object with {@code valueFrom}. */
  static ValueType property(JsonNode node) {
    if (node.isObject()) {
      return secretKeyRef(node.path("valueFrom"));
    }
    return new Literal(
        node.isFloatingPointNumber()
            ? BigDecimal.valueOf(node.asDouble()).stripTrailingZeros().toPlainString()
            : node.asText());
  }

  static SecretKeyRef secretKeyRef(JsonNode valueFrom) {
    JsonNode ref = valueFrom.path("secretKeyRef");
    return new SecretKeyRef(
        ref.path("name").asText(), ref.path("namespace").asText(), ref.path("key").asText());
  }
}
