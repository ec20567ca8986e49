/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/** Converts what inputs of all kinds have in common, in place. */
final class InputVersions {

  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private InputVersions() {}

  /**
   * Drops the names from an input's selector that no namespace can have, and that v1beta1 refuses;
   * objects that are older than the check in v1alpha1 may have them. An input that included no
   * others is switched off: an empty list would mean every namespace.
   */
  static void toBeta(JsonNode node) {
    if (node instanceof ObjectNode input && input.path("namespaces") instanceof ObjectNode names) {
      boolean included = !names.path("include").isEmpty();
      valid(names, "include");
      valid(names, "exclude");
      if (included && names.path("include").isEmpty()) {
        names.remove("include");
        input.put("enabled", false);
      }
    }
  }

  /** {@code disabled} of v1alpha1 becomes its opposite. */
  static void disabledToEnabled(JsonNode node) {
    if (node instanceof ObjectNode otlp) {
      otlp.put("enabled", !otlp.path("disabled").asBoolean(false));
      otlp.remove("disabled");
    }
  }

  static void enabledToDisabled(JsonNode node) {
    if (node instanceof ObjectNode otlp) {
      JsonNode enabled = otlp.remove("enabled");
      if (enabled != null && !enabled.asBoolean(true)) {
        otlp.put("disabled", true);
      }
    }
  }

  private static void valid(ObjectNode selector, String list) {
    if (selector.path(list) instanceof ArrayNode names) {
      ArrayNode kept = selector.arrayNode();
      for (JsonNode name : names) {
        if (!name.isTextual() || NAMESPACE.matcher(name.asText()).matches()) {
          kept.add(name);
        }
      }
      selector.set(list, kept);
    }
  }
}
