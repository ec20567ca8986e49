/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static io.caravan.api.schema.ResourceKind.LOG_PIPELINE;
import static io.caravan.api.schema.ResourceKind.METRIC_PIPELINE;
import static io.caravan.api.schema.ResourceKind.TRACE_PIPELINE;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every CEL rule of the definitions, broken and kept, in every version. */
public final class RuleCases {

  private static final String ONE_LIST = "Only one of 'include' or 'exclude' can be defined";

  private RuleCases() {}

  /**
   * A resource that breaks one rule, and one that is like it and keeps it.
   *
   * @param path of the field where the rule stands
   * @param broken the spec, as YAML
   */
  public record Case(
      ResourceKind kind,
      ApiVersion version,
      String message,
      String path,
      String broken,
      String kept) {

    Case(ResourceKind kind, String message, String path, String broken, String kept) {
      this(kind, kind.stored(), message, path, broken, kept);
    }
  }

  /** All of them. */
  public static Stream<Case> all() {
    return Stream.concat(newer().stream(), OlderRuleCases.of(newer()).stream());
  }

  private static List<Case> newer() {
    List<Case> cases = new ArrayList<>();
    for (ResourceKind kind : List.of(LOG_PIPELINE, METRIC_PIPELINE, TRACE_PIPELINE)) {
      cases.addAll(OutputRuleCases.of(kind));
    }
    String otlp = "output: {otlp: {endpoint: {value: x}}}";
    String kamelet = "output: {kamelet: {name: x}}";
    String http = "output: {http: {host: {value: x}}}";
    for (String modern : List.of(otlp, kamelet)) {
      cases.add(
          log(
              "filters are not supported with otlp output",
              "spec",
              "filters: [{custom: x}]",
              modern,
              http));
      cases.add(
          log(
              "files not supported with otlp output",
              "spec",
              "files: [{name: x, content: y}]",
              modern,
              http));
      cases.add(
          log(
              "variables not supported with otlp output",
              "spec",
              "variables: [{name: x, " + OutputRuleCases.REF + "}]",
              modern,
              http));
      for (String field : List.of("dropLabels", "keepAnnotations")) {
        cases.add(
            log(
                "input.runtime." + field + " is not supported with otlp output",
                "spec",
                "input: {runtime: {" + field + ": false}}",
                modern,
                http));
      }
      cases.add(
          log(
              "otlp input is only supported with otlp output",
              "spec",
              "input: {otlp: {enabled: true}}",
              http,
              modern));
      cases.add(
          log(
              "transform is only supported with otlp output",
              "spec",
              "transform: [{statements: [x]}]",
              http,
              modern));
      cases.add(
          log(
              "filter is only supported with otlp output",
              "spec",
              "filter: [{conditions: [x]}]",
              http,
              modern));
    }
    for (String outputs :
        List.of(
            "{}",
            "{custom: x, http: {host: {value: x}}}",
            "{otlp: {endpoint: {value: x}}, kamelet: {name: x}}")) {
      cases.add(
          new Case(
              LOG_PIPELINE,
              "Exactly one output out of 'custom', 'http', 'otlp' or 'kamelet' must be defined",
              "spec.output",
              "{output: " + outputs + "}",
              "{output: {custom: x}}"));
    }
    for (ResourceKind kind : List.of(METRIC_PIPELINE, TRACE_PIPELINE)) {
      for (String outputs : List.of("{}", "{otlp: {endpoint: {value: x}}, kamelet: {name: x}}")) {
        cases.add(
            new Case(
                kind,
                "Exactly one output out of 'otlp' or 'kamelet' must be defined",
                "spec.output",
                "{output: " + outputs + "}",
                "{output: {kamelet: {name: x}}}"));
      }
    }
    cases.add(
        log(
            "Only one of 'include' or 'exclude' can be defined",
            "spec.input.runtime.containers",
            otlp,
            "input: {runtime: {containers: {include: [a], exclude: [b]}}}",
            "input: {runtime: {containers: {include: ['a*']}}}"));
    for (String input : List.of("runtime", "otlp")) {
      cases.add(
          log(
              ONE_LIST,
              "spec.input." + input + ".namespaces",
              otlp,
              "input: {" + input + ": {namespaces: {include: [a], exclude: [b]}}}",
              "input: {" + input + ": {namespaces: {exclude: [b]}}}"));
    }
    for (String input : List.of("otlp", "prometheus", "istio", "runtime")) {
      cases.add(
          new Case(
              METRIC_PIPELINE,
              ONE_LIST,
              "spec.input." + input + ".namespaces",
              "{" + otlp + ", input: {" + input + ": {namespaces: {include: [a], exclude: [b]}}}}",
              "{" + otlp + ", input: {" + input + ": {namespaces: {include: [a]}}}}"));
    }
    cases.add(
        http("'host' must have 'value' or 'valueFrom' set", "", "host: {}", "host: {value: x}"));
    for (String field : List.of("host", "user", "password")) {
      String rest = field.equals("host") ? "" : "host: {value: x}, ";
      cases.add(
          http(
              OutputRuleCases.ONE_VALUE,
              "." + field,
              rest + field + ": " + OutputRuleCases.BOTH,
              rest + field + ": {" + OutputRuleCases.REF + "}"));
    }
    for (ResourceKind kind : List.of(LOG_PIPELINE, METRIC_PIPELINE, TRACE_PIPELINE)) {
      cases.addAll(DeliveryRuleCases.of(kind));
    }
    cases.addAll(OutputRuleCases.tls(LOG_PIPELINE, "http", "host"));
    cases.addAll(TelemetryRuleCases.all());
    return cases;
  }

  private static Case log(String message, String path, String always, String broken, String kept) {
    return new Case(
        LOG_PIPELINE,
        message,
        path,
        "{" + always + ", " + broken + "}",
        "{" + always + ", " + kept + "}");
  }

  private static Case http(String message, String path, String broken, String kept) {
    return new Case(
        LOG_PIPELINE,
        message,
        "spec.output.http" + path,
        "{output: {http: {" + broken + "}}}",
        "{output: {http: {" + kept + "}}}");
  }
}
