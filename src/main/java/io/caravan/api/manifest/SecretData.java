/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.FieldPath;
import io.caravan.api.Secret;
import io.caravan.api.SecretValue;
import io.caravan.api.schema.DidYouMean;
import io.caravan.api.schema.Violation;
import io.caravan.api.schema.Violation.Reason;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The values of a Secret's manifest. Messages name keys and never values. */
record SecretData(Map<String, SecretValue> values, List<Violation> violations) {

  private static final List<String> FIELDS =
      List.of("apiVersion", "kind", "metadata", "type", "immutable", "data", "stringData");

  static SecretData of(JsonNode tree) {
    SecretData data = new SecretData(new HashMap<>(), new ArrayList<>());
    tree.fieldNames()
        .forEachRemaining(
            field -> {
              if (!FIELDS.contains(field)) {
                data.add(
                    FieldPath.of(field),
                    Reason.UNKNOWN_FIELD,
                    "unknown field" + DidYouMean.hint(field, FIELDS));
              }
            });
    data.entries(tree, "data", true);
    data.entries(tree, "stringData", false);
    return data;
  }

  Secret secret(String name, String namespace) {
    return new Secret(name, namespace, values);
  }

  private void entries(JsonNode tree, String field, boolean encoded) {
    JsonNode map = tree.path(field);
    FieldPath path = FieldPath.of(field);
    if (!map.isObject() && !map.isMissingNode() && !map.isNull()) {
      add(path, Reason.WRONG_TYPE, "expected an object of strings");
    }
    map.properties()
        .forEach(
            entry -> {
              FieldPath key = path.field(entry.getKey());
              if (!entry.getValue().isTextual()) {
                add(key, Reason.WRONG_TYPE, "expected a string; put the value in quotes");
              } else if (encoded) {
                decode(key, entry.getKey(), entry.getValue().asText());
              } else {
                values.put(entry.getKey(), SecretValue.of(entry.getValue().asText()));
              }
            });
  }

  private void decode(FieldPath path, String key, String text) {
    try {
      values.put(key, SecretValue.of(Base64.getDecoder().decode(text.replaceAll("[\\r\\n]", ""))));
    } catch (IllegalArgumentException e) {
      add(path, Reason.INVALID, "is not base64; plain text belongs in stringData");
    }
  }

  private void add(FieldPath path, Reason reason, String message) {
    violations.add(new Violation(path, reason, message));
  }
}
