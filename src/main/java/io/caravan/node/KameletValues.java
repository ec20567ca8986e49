/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.node;

import io.caravan.plan.PlanValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.camel.spi.LoadablePropertiesSource;
import org.jspecify.annotations.Nullable;

/**
 * Gives the Kamelet component the properties of the one pipeline that is being loaded, and only
 * while it is: nothing of a pipeline stays here. Used by the thread that loads.
 *
 * <p>Of a {@linkplain PipelineSecrets secret} the Kamelet gets a reference.
 */
final class KameletValues implements LoadablePropertiesSource {
  private final PipelineSecrets secrets;
  private final SortedMap<String, String> properties = new TreeMap<>();

  KameletValues(PipelineSecrets secrets) {
    this.secrets = secrets;
  }

  /**
   * Offers the values to the Kamelet's route of that id.
   *
   * @return the names of its secrets
   * @throws IllegalArgumentException if a value would be read as something else than text
   */
  List<String> offer(String templateId, String routeId, Map<String, PlanValue> values) {
    values.forEach(KameletValues::requireText);
    List<String> names = new ArrayList<>();
    values.forEach(
        (name, value) ->
            properties.put(
                "camel.kamelet." + templateId + "." + routeId + "." + name,
                switch (value) {
                  case PlanValue.Literal literal -> literal.text();
                  case PlanValue.Referenced referenced -> referenced.text();
                  case PlanValue.Secret secret -> {
                    String secretName = secrets.keep(secret.text());
                    names.add(secretName);
                    // In an expression it is written as ${ref:{{name}}}.
                    yield "#" + secretName;
                  }
                }));
    return names;
  }

  void withdraw() {
    properties.clear();
  }

  /**
   * A property is data. Camel would resolve a placeholder in it, take a leading # for a reference,
   * and end the text at a bracket before an ampersand; with any of them, who may write a pipeline
   * could read this process's environment or other pipelines' secrets.
   */
  private static void requireText(String name, PlanValue value) {
    if (value instanceof PlanValue.Secret) {
      return;
    }
    String text = value.text();
    String wrong =
        text.contains("{{") || text.contains("}}")
            ? "holds a property placeholder, '{{' or '}}'"
            : text.startsWith("#")
                ? "begins with '#', which Camel reads as a reference"
                : text.contains(")&") ? "holds ')&', which ends a value in a URI" : "";
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(
          "the value of property '%s' %s; give the value itself".formatted(name, wrong));
    }
  }

  @Override
  public String getName() {
    return "caravan-kamelet-values";
  }

  @Override
  public @Nullable String getProperty(String name) {
    return properties.get(name);
  }

  @Override
  public Properties loadProperties() {
    return loadProperties(_ -> true);
  }

  @Override
  public Properties loadProperties(Predicate<String> filter) {
    Properties result = new Properties();
    properties.forEach(
        (name, value) -> {
          if (filter.test(name)) {
            result.setProperty(name, value);
          }
        });
    return result;
  }

  @Override
  public void reloadProperties(String location) {
    // There is no location: the values are in memory.
  }
}
