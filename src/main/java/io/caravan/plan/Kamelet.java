/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;

/**
 * A connector as the planner sees it: its name, its text and the schema of its properties.
 *
 * @param properties in the order of the schema
 * @param required names of properties that a user must give, unless they have a default
 */
record Kamelet(
    String name,
    String yaml,
    SequencedMap<String, KameletProperty> properties,
    Set<String> required) {

  Kamelet {
    properties = new LinkedHashMap<>(properties);
    required = Set.copyOf(required);
  }

  /**
   * The connector under the id of this very content, so that two versions can live side by side.
   */
  PlannedKamelet planned() {
    return new PlannedKamelet(name, name + "-" + new Digest().add(yaml).toHex(), yaml);
  }

  /** Names without a value, in order. */
  Set<String> missing(Map<String, PlanValue> given) {
    Set<String> missing = new TreeSet<>(required);
    missing.removeAll(given.keySet());
    properties.forEach(
        (property, schema) -> {
          if (schema.defaultValue().isPresent()) {
            missing.remove(property);
          }
        });
    return missing;
  }
}
