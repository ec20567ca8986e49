/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import io.caravan.api.KameletSource;
import io.caravan.api.OutcomeRule;
import io.caravan.plan.KameletProperty.Sensitivity;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads of a Kamelet ({@code camel.apache.org/v1}) what the planner checks a pipeline against. */
final class KameletReader {
  private static final String TYPE_LABEL = "camel.apache.org/kamelet.type";

  private KameletReader() {}

  static Kamelet read(KameletSource source) throws RejectedException {
    Map<?, ?> root = map(parse(source));
    Map<?, ?> labels = map(map(root.get("metadata")).get("labels"));
    if (labels.get(TYPE_LABEL) instanceof String type && !type.equals("sink")) {
      throw invalid(
          source, "its label %s is '%s'; an output needs a sink".formatted(TYPE_LABEL, type));
    }
    Map<?, ?> spec = map(root.get("spec"));
    if (!(spec.get("template") instanceof Map)) {
      throw invalid(source, "spec.template is missing; it holds the route");
    }
    checkOutcomes(source);
    Map<?, ?> definition = map(spec.get("definition"));
    SequencedMap<String, KameletProperty> properties = new LinkedHashMap<>();
    for (Map.Entry<?, ?> property : map(definition.get("properties")).entrySet()) {
      String name = String.valueOf(property.getKey());
      properties.put(name, property(source, name, map(property.getValue())));
    }
    Set<String> required = new LinkedHashSet<>(texts(definition.get("required")));
    return new Kamelet(source.name(), source.yaml(), properties, required);
  }

  private static @Nullable Object parse(KameletSource source) throws RejectedException {
    try {
      return new Load(LoadSettings.builder().setLabel(source.name()).build())
          .loadFromString(source.yaml());
    } catch (YamlEngineException e) {
      throw invalid(source, "it is not YAML: " + String.valueOf(e.getMessage()).strip());
    }
  }

  private static void checkOutcomes(KameletSource source) throws RejectedException {
    try {
      List<OutcomeRule> _ = OutcomeRules.of(source.yaml());
    } catch (IllegalArgumentException e) {
      throw invalid(source, String.valueOf(e.getMessage()));
    }
  }

  private static KameletProperty property(KameletSource source, String name, Map<?, ?> schema)
      throws RejectedException {
    String typeName = text(schema.get("type")).orElse("string");
    KameletProperty.Type type =
        Stream.of(KameletProperty.Type.values())
            .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(typeName))
            .findFirst()
            .orElseThrow(
                () ->
                    invalid(
                        source,
                        "property '%s' has the unknown type '%s'".formatted(name, typeName)));
    Sensitivity sensitivity =
        "password".equals(schema.get("format")) ? Sensitivity.SECRET : Sensitivity.PLAIN;
    return new KameletProperty(
        type,
        sensitivity,
        text(schema.get("default")),
        texts(schema.get("enum")),
        pattern(source, name, schema));
  }

  private static Optional<Pattern> pattern(KameletSource source, String name, Map<?, ?> schema)
      throws RejectedException {
    try {
      return text(schema.get("pattern")).map(Pattern::compile);
    } catch (PatternSyntaxException e) {
      throw invalid(
          source, "the pattern of property '%s' is wrong: %s".formatted(name, e.getDescription()));
    }
  }

  private static Map<?, ?> map(@Nullable Object node) {
    return node instanceof Map<?, ?> map ? map : Map.of();
  }

  private static List<String> texts(@Nullable Object node) {
    return node instanceof List<?> list ? list.stream().map(String::valueOf).toList() : List.of();
  }

  private static Optional<String> text(@Nullable Object node) {
    return Optional.ofNullable(node).map(String::valueOf);
  }

  private static RejectedException invalid(KameletSource source, String problem) {
    return new RejectedException(
        Reason.KAMELET_INVALID,
        "Kamelet '%s' cannot be used: %s".formatted(source.name(), problem));
  }
}
