/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.schema.DidYouMean;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Holds an output's properties against its Kamelet's own schema.
 *
 * @param path where in the manifest the properties stand, for messages
 */
record KameletBinding(Kamelet kamelet, String path) {

  /**
   * The values that travel: the given ones and the defaults.
   *
   * @throws RejectedException with all problems at once; a value is quoted only if it stands in the
   *     manifest and the schema does not mark it secret
   */
  NavigableMap<String, PlanValue> bind(Map<String, PlanValue> given) throws RejectedException {
    List<String> problems = new ArrayList<>();
    NavigableMap<String, PlanValue> values = new TreeMap<>();
    given.forEach(
        (name, value) -> {
          KameletProperty schema = kamelet.properties().get(name);
          if (schema == null) {
            problems.add(unknown(name));
          } else {
            PlanValue classified = schema.classify(value);
            schema
                .problem(value.text())
                .ifPresent(
                    problem ->
                        problems.add(
                            "%s.%s: %s %s".formatted(path, name, quote(classified), problem)));
            values.put(name, classified);
          }
        });
    for (String name : kamelet.missing(given)) {
      problems.add(
          "%s.%s: is missing; Kamelet '%s' requires it".formatted(path, name, kamelet.name()));
    }
    if (!problems.isEmpty()) {
      throw new RejectedException(Reason.KAMELET_PROPERTY_INVALID, String.join("; ", problems));
    }
    for (Map.Entry<String, KameletProperty> property : kamelet.properties().entrySet()) {
      KameletProperty schema = property.getValue();
      schema
          .defaultValue()
          .ifPresent(
              text ->
                  values.putIfAbsent(
                      property.getKey(), schema.classify(new PlanValue.Literal(text))));
    }
    return values;
  }

  private String unknown(String name) {
    return "%s.%s: Kamelet '%s' has no such property%s (it has %s)"
        .formatted(
            path,
            name,
            kamelet.name(),
            DidYouMean.hint(name, kamelet.properties().keySet()),
            kamelet.properties().isEmpty()
                ? "none"
                : String.join(", ", kamelet.properties().keySet()));
  }

  private static String quote(PlanValue value) {
    return switch (value) {
      case PlanValue.Literal literal -> "'" + Destination.masked(literal.text()) + "'";
      case PlanValue.Referenced _, PlanValue.Secret _ -> "the secret value";
    };
  }
}
