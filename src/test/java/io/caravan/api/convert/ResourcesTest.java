/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.PipelineKind;
import io.caravan.api.schema.Definitions;
import io.caravan.api.schema.ResourceKind;
import io.caravan.api.schema.Schema;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the definitions and the records together: no field of a definition is lost on the way to
 * the records, and no component of a record lacks its field.
 */
final class ResourcesTest {

  /** Accepted, without effect and therefore not kept. */
  private static final String DEPRECATED = "scaling";

  private static final Set<ResourceKind> PIPELINES =
      Set.of(ResourceKind.LOG_PIPELINE, ResourceKind.METRIC_PIPELINE, ResourceKind.TRACE_PIPELINE);

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** A field that holds a value, as the steps that lead to it. */
  record Leaf(ResourceKind kind, List<String> steps, Schema schema) {
    @Override
    public String toString() {
      return kind + " " + String.join(".", steps);
    }
  }

  private static Stream<Leaf> leaves() {
    return Arrays.stream(ResourceKind.values())
        .flatMap(
            kind -> {
              List<Leaf> leaves = new ArrayList<>();
              leaves(kind, List.of(), spec(kind), leaves);
              return leaves.stream();
            });
  }

  private static void leaves(
      ResourceKind kind, List<String> steps, Schema schema, List<Leaf> leaves) {
    if (steps.contains(DEPRECATED)) {
      return;
    }
    schema
        .properties()
        .forEach((name, property) -> leaves(kind, with(steps, name), property, leaves));
    schema.items().ifPresent(items -> leaves(kind, with(steps, "[]"), items, leaves));
    schema
        .additionalProperties()
        .ifPresent(values -> leaves(kind, with(steps, "{}"), values, leaves));
    if (schema.properties().isEmpty()
        && schema.items().isEmpty()
        && schema.additionalProperties().isEmpty()) {
      leaves.add(new Leaf(kind, steps, schema));
    }
  }

  @ParameterizedTest
  @MethodSource("leaves")
  void shouldKeepTheValueOfEveryField(Leaf leaf) {
    assertThat(convert(leaf, 0)).isEqualTo(convert(leaf, 0)).isNotEqualTo(convert(leaf, 1));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldHaveAFieldForEveryComponent(ResourceKind kind, Class<?> type) {
    Set<String> unknown = new TreeSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      if (!component.getName().equals("metadata")) {
        compare(component, spec(kind), "spec", unknown);
      }
    }

    // The two kinds share the output's record with MetricPipelines, which alone have the field.
    Set<String> shared =
        kind == ResourceKind.LOG_PIPELINE || kind == ResourceKind.TRACE_PIPELINE
            ? Set.of("spec.output.otlp.temporality")
            : Set.of();
    assertThat(unknown).isEqualTo(shared);
  }

  private static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(ResourceKind.LOG_PIPELINE, io.caravan.api.LogPipeline.class),
        Arguments.of(ResourceKind.METRIC_PIPELINE, io.caravan.api.MetricPipeline.class),
        Arguments.of(ResourceKind.TRACE_PIPELINE, io.caravan.api.TracePipeline.class),
        Arguments.of(ResourceKind.TELEMETRY, io.caravan.api.Telemetry.class),
        Arguments.of(ResourceKind.TELEMETRY_REPLAY, io.caravan.api.TelemetryReplay.class));
  }

  @Test
  void shouldHaveMoreThanAHundredFieldsToCompare() {
    assertThat(leaves()).hasSizeGreaterThan(150);
  }

  private static void compare(
      RecordComponent component, Schema schema, String path, Set<String> unknown) {
    Schema property = schema.properties().get(component.getName());
    String field = path + "." + component.getName();
    if (property == null) {
      unknown.add(field);
      return;
    }
    Schema element = property.items().or(property::additionalProperties).orElse(property);
    Class<?> type = element(component.getGenericType());
    if (type == io.caravan.api.Output.class || type == io.caravan.api.Authentication.class) {
      for (Class<?> output : type.getPermittedSubclasses()) {
        String name = output.getSimpleName().replace("Output", "").toLowerCase(Locale.ROOT);
        Schema branch = element.properties().get(name);
        if (branch != null && branch.type().equals("object")) {
          components(output, branch, field + "." + name, unknown);
        }
      }
    } else if (type.isRecord()
        && type.getPackageName().equals("io.caravan.api")
        && type != io.caravan.api.ValueType.SecretKeyRef.class) {
      components(type, element, field, unknown);
    }
  }

  private static void components(Class<?> type, Schema schema, String path, Set<String> unknown) {
    for (RecordComponent component : type.getRecordComponents()) {
      compare(component, schema, path, unknown);
    }
  }

  private static Class<?> element(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return element(arguments[arguments.length - 1]);
    }
    return (Class<?>) type;
  }

  /** The record of a resource that has the required fields, and one of two values in the leaf. */
  private static Object convert(Leaf leaf, int variant) {
    ObjectNode resource = JSON.objectNode();
    resource.putObject("metadata").put("name", "demo");
    JsonNode spec = build(spec(leaf.kind()), leaf.steps(), variant);
    resource.set("spec", spec);
    if (PIPELINES.contains(leaf.kind()) && !spec.has("output")) {
      ((ObjectNode) spec).putObject("output").putObject("kamelet").put("name", "x");
    }
    return switch (leaf.kind()) {
      case LOG_PIPELINE -> Resources.pipeline(PipelineKind.LOG, resource);
      case METRIC_PIPELINE -> Resources.pipeline(PipelineKind.METRIC, resource);
      case TRACE_PIPELINE -> Resources.pipeline(PipelineKind.TRACE, resource);
      case TELEMETRY -> Resources.telemetry(resource);
      case TELEMETRY_REPLAY -> Resources.replay(resource);
    };
  }

  private static JsonNode build(Schema schema, List<String> steps, int variant) {
    if (steps.isEmpty()) {
      return minimal(schema, variant);
    }
    List<String> rest = steps.subList(1, steps.size());
    return switch (steps.getFirst()) {
      case "[]" -> JSON.arrayNode().add(build(schema.items().orElseThrow(), rest, variant));
      case "{}" ->
          JSON.objectNode()
              .set("key", build(schema.additionalProperties().orElseThrow(), rest, variant));
      default -> {
        ObjectNode object = minimalObject(schema, steps.getFirst());
        object.set(
            steps.getFirst(),
            build(
                java.util.Objects.requireNonNull(schema.properties().get(steps.getFirst())),
                rest,
                variant));
        yield object;
      }
    };
  }

  private static JsonNode minimal(Schema schema, int variant) {
    if (!schema.allowed().isEmpty()) {
      return JSON.textNode(schema.allowed().get(variant));
    }
    return switch (schema.type()) {
      case "object" -> minimalObject(schema, "");
      case "boolean" -> JSON.booleanNode(variant == 1);
      case "quantity" -> JSON.textNode(variant + 1 + "Mi");
      case "string" ->
          JSON.textNode(
              switch (schema.format()) {
                case "duration" -> variant + 1 + "s";
                case "date-time" -> "2026-11-21T08:00:0%dZ".formatted(variant);
                default -> "text" + variant;
              });
      case "integer" -> JSON.numberNode(variant + 1);
      default -> JSON.textNode("any" + variant);
    };
  }

  /** The required fields, and a value where there are two ways to give one. */
  private static ObjectNode minimalObject(Schema schema, String without) {
    ObjectNode object = JSON.objectNode();
    for (Map.Entry<String, Schema> property : schema.properties().entrySet()) {
      boolean isValue = property.getKey().equals("value") && !without.equals("valueFrom");
      if (!property.getKey().equals(without)
          && (isValue || schema.required().contains(property.getKey()))) {
        object.set(property.getKey(), minimal(property.getValue(), 0));
      }
    }
    return object;
  }

  private static Schema spec(ResourceKind kind) {
    return java.util.Objects.requireNonNull(Definitions.schema(kind).properties().get("spec"));
  }

  private static List<String> with(List<String> steps, String step) {
    return Stream.concat(steps.stream(), Stream.of(step)).toList();
  }
}
