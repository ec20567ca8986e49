/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.StreamSupport;

/**
 * Evaluates CEL rules; one engine for the process, thread-safe. A rule is parsed when it is first
 * needed and not type-checked: the checker and the functions that no rule uses would cost more of a
 * start than everything else that reads manifests. A test checks the types of all rules instead.
 */
final class CelRules {

  private final CelParser parser;
  private final CelRuntime runtime;
  private final Map<String, CelRuntime.Program> programs = new ConcurrentHashMap<>();

  private CelRules() {
    // Without a type checker numbers meet as they come, so the comparison of any with any is on.
    CelOptions options = CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
    parser =
        CelParserFactory.standardCelParserBuilder()
            .setOptions(options)
            .setStandardMacros(CelStandardMacro.HAS)
            .build();
    runtime =
        CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(options)
            .setStandardFunctions(
                CelStandardFunctions.newBuilder()
                    .includeFunctions(
                        StandardFunction.LOGICAL_NOT,
                        StandardFunction.EQUALS,
                        StandardFunction.NOT_EQUALS,
                        StandardFunction.ADD,
                        StandardFunction.SIZE,
                        StandardFunction.DURATION,
                        StandardFunction.GREATER,
                        StandardFunction.GREATER_EQUALS,
                        StandardFunction.LESS,
                        StandardFunction.LESS_EQUALS,
                        StandardFunction.STARTS_WITH)
                    .build())
            .addFunctionBindings(
                CelFunctionBinding.fromOverloads(
                    "isURL", CelFunctionBinding.from("isURL_string", String.class, GoUrl::isUrl)))
            .build();
  }

  /** The engine; the first call builds it, which takes some hundred milliseconds. */
  static CelRules shared() {
    return Holder.RULES;
  }

  /**
   * Whether the rule holds.
   *
   * @param before the same field before the change, for a transition rule
   * @throws IllegalStateException where the rule itself is wrong
   */
  boolean holds(Rule rule, JsonNode self, Schema schema, Optional<JsonNode> before) {
    Map<String, Object> variables = new HashMap<>();
    variables.put("self", value(self, schema));
    before.ifPresent(old -> variables.put("oldSelf", value(old, schema)));
    try {
      return Boolean.TRUE.equals(
          programs.computeIfAbsent(rule.expression(), this::program).eval(variables));
    } catch (CelEvaluationException e) {
      throw new IllegalStateException("CEL rule cannot be evaluated: " + rule.expression(), e);
    }
  }

  private CelRuntime.Program program(String expression) {
    try {
      return runtime.createProgram(parser.parse(expression).getAst());
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException("CEL rule cannot be read: " + expression, e);
    }
  }

  /** A value as CEL sees it. Only what a schema describes can be named in a rule. */
  private static Object value(JsonNode node, Schema schema) {
    return switch (schema.type()) {
      case "object" -> {
        Map<String, Object> fields = new LinkedHashMap<>();
        node.properties()
            .forEach(
                entry ->
                    schema
                        .property(entry.getKey())
                        .ifPresent(
                            known -> fields.put(entry.getKey(), value(entry.getValue(), known))));
        yield fields;
      }
      case "array" ->
          schema
              .items()
              .map(
                  items ->
                      StreamSupport.stream(node.spliterator(), false)
                          .map(item -> value(item, items))
                          .toList())
              .orElse(List.of());
      case "boolean" -> node.asBoolean();
      case "integer" -> node.asLong();
      case Schema.QUANTITY -> node.isNumber() ? (Object) node.asLong() : node.asText();
      default -> text(node.asText(), schema.format());
    };
  }

  private static Object text(String text, String format) {
    Optional<?> value =
        switch (format) {
          case "duration" -> GoDuration.parse(text);
          case "date-time" -> Timestamp.parse(text);
          default -> Optional.empty();
        };
    return value.isPresent() ? value.get() : text;
  }

  private static final class Holder {
    private static final CelRules RULES = new CelRules();
  }
}
