/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static io.caravan.api.schema.ResourceKind.LOG_PIPELINE;
import static io.caravan.api.schema.ResourceKind.METRIC_PIPELINE;
import static io.caravan.api.schema.ResourceKind.TELEMETRY;
import static io.caravan.api.schema.ResourceKind.TRACE_PIPELINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import io.caravan.api.schema.Violation.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every CEL rule of the definitions, broken and kept. */
final class RulesTest {

  private static final String ONE_VALUE = "Only one of 'value' or 'valueFrom' can be set";
  private static final String ONE_LIST = "Only one of 'include' or 'exclude' can be defined";
  private static final String REF = "valueFrom: {secretKeyRef: {name: s, namespace: n, key: k}}";
  private static final String BOTH = "{value: x, " + REF + "}";

  /** A spec that breaks one rule at a path, and one that is like it and keeps it. */
  record Case(ResourceKind kind, String message, String path, String broken, String kept) {}

  private static Stream<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (ResourceKind kind : List.of(LOG_PIPELINE, METRIC_PIPELINE, TRACE_PIPELINE)) {
      cases.addAll(outputCases(kind));
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
              "variables: [{name: x, " + REF + "}]",
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
              ONE_VALUE,
              "." + field,
              rest + field + ": " + BOTH,
              rest + field + ": {" + REF + "}"));
    }
    for (ResourceKind kind : List.of(LOG_PIPELINE, METRIC_PIPELINE, TRACE_PIPELINE)) {
      cases.addAll(deliveryCases(kind));
    }
    cases.addAll(tlsCases(LOG_PIPELINE, "http", "host"));
    cases.addAll(telemetryCases());
    return cases.stream();
  }

  private static List<Case> outputCases(ResourceKind kind) {
    List<Case> cases = new ArrayList<>();
    cases.add(
        otlp(
            kind,
            "'endpoint' must have 'value' or 'valueFrom' set",
            "",
            "endpoint: {}",
            "endpoint: {" + REF + "}"));
    cases.add(otlp(kind, ONE_VALUE, ".endpoint", "endpoint: " + BOTH, "endpoint: {value: x}"));
    cases.add(
        otlp(
            kind,
            "Path is only available with HTTP protocol",
            "",
            "endpoint: {value: x}, path: /x",
            "endpoint: {value: x}, path: /x, protocol: http"));
    cases.add(
        otlp(
            kind,
            "Path is only available with HTTP protocol",
            "",
            "endpoint: {value: x}, path: /x, protocol: grpc",
            "endpoint: {value: x}, path: '', protocol: grpc"));
    cases.add(
        otlp(
            kind,
            "Header must have 'value' or 'valueFrom' set",
            ".headers[0]",
            "endpoint: {value: x}, headers: [{name: x}]",
            "endpoint: {value: x}, headers: [{name: x, value: y}]"));
    cases.add(
        otlp(
            kind,
            ONE_VALUE,
            ".headers[1]",
            "endpoint: {value: x}, headers: [{name: x, value: y}, {name: x, value: y, "
                + REF
                + "}]",
            "endpoint: {value: x}, headers: [{name: x, " + REF + "}]"));
    cases.add(
        auth(
            kind,
            "Only one authentication method can be specified",
            "",
            "basic: {user: {value: x}, password: {value: y}}, oauth2: {tokenURL: {value: 'http://x'}, clientID: {value: x}, clientSecret: {value: y}}",
            "basic: {user: {value: x}, password: {value: y}}"));
    for (String field : List.of("user", "password")) {
      String other = field.equals("user") ? "password: {value: x}, " : "user: {value: x}, ";
      cases.add(
          auth(
              kind,
              "'" + field + "' must have 'value' or 'valueFrom' set",
              ".basic",
              "basic: {" + other + field + ": {}}",
              "basic: {" + other + field + ": {" + REF + "}}"));
      cases.add(
          auth(
              kind,
              ONE_VALUE,
              ".basic." + field,
              "basic: {" + other + field + ": " + BOTH + "}",
              "basic: {" + other + field + ": {value: x}}"));
    }
    for (String field : List.of("tokenURL", "clientID", "clientSecret")) {
      String others =
          Stream.of("tokenURL", "clientID", "clientSecret")
              .filter(other -> !other.equals(field))
              .map(other -> other + ": {value: 'http://x'}, ")
              .collect(Collectors.joining());
      cases.add(
          auth(
              kind,
              "'" + field + "' must have 'value' or 'valueFrom' set",
              ".oauth2",
              "oauth2: {" + others + field + ": {}}",
              "oauth2: {" + others + field + ": {" + REF + "}}"));
      cases.add(
          auth(
              kind,
              ONE_VALUE,
              ".oauth2." + field,
              "oauth2: {" + others + field + ": {value: 'http://x', " + REF + "}}",
              "oauth2: {" + others + field + ": {value: 'http://x'}}"));
    }
    String client = "clientID: {value: x}, clientSecret: {value: y}, ";
    cases.add(
        auth(
            kind,
            "'tokenURL' must be a valid URL",
            ".oauth2.tokenURL",
            "oauth2: {" + client + "tokenURL: {value: not a url}}",
            "oauth2: {" + client + "tokenURL: {value: 'https://auth.example.com/token?x=y'}}"));
    String oauth2 =
        "endpoint: {value: x}, authentication: {oauth2: {"
            + client
            + "tokenURL: {value: 'http://x'}}}";
    cases.add(
        otlp(
            kind,
            "OAuth2 authentication requires TLS when using gRPC protocol",
            "",
            oauth2 + ", tls: {insecure: true}",
            oauth2 + ", tls: {insecure: true}, protocol: http"));
    cases.add(
        otlp(
            kind,
            "OAuth2 authentication requires TLS when using gRPC protocol",
            "",
            oauth2 + ", tls: {insecure: true}",
            oauth2 + ", tls: {insecure: false}"));
    cases.addAll(tlsCases(kind, "otlp", "endpoint"));
    return cases;
  }

  private static List<Case> tlsCases(ResourceKind kind, String output, String required) {
    List<Case> cases = new ArrayList<>();
    String format = "{output: {%s: {%s: {value: x}, tls: {%s}}}}";
    String path = "spec.output." + output + ".tls";
    for (String alone : List.of("cert", "key")) {
      cases.add(
          new Case(
              kind,
              "Can define either both 'cert' and 'key', or neither",
              path,
              format.formatted(output, required, alone + ": {value: x}"),
              format.formatted(output, required, "cert: {value: x}, key: {value: x}")));
    }
    for (String field : List.of("ca", "cert", "key")) {
      cases.add(
          new Case(
              kind,
              ONE_VALUE,
              path + "." + field,
              format
                  .formatted(output, required, "ca: {value: x}, cert: {value: x}, key: {value: x}")
                  .replace(field + ": {value: x}", field + ": " + BOTH),
              format.formatted(output, required, "ca: {}")));
    }
    return cases;
  }

  private static List<Case> gatewayCases() {
    List<Case> cases = new ArrayList<>();
    for (String broken : List.of("{size: 1Gi}", "{type: hostPath, size: 1Gi}")) {
      cases.add(
          new Case(
              TELEMETRY,
              "'size' needs 'type' emptyDir or persistentVolumeClaim",
              "spec.gateway.journal",
              "{gateway: {journal: " + broken + "}}",
              "{gateway: {journal: {type: emptyDir, size: 1Gi}}}"));
    }
    cases.add(
        new Case(
            TELEMETRY,
            "'journal.type' hostPath needs 'mode' daemonSet",
            "spec.gateway",
            "{gateway: {mode: central, journal: {type: hostPath}}}",
            "{gateway: {mode: daemonSet, journal: {type: hostPath}}}"));
    for (String broken : List.of("", "mode: daemonSet, ")) {
      cases.add(
          new Case(
              TELEMETRY,
              "'journal.type' persistentVolumeClaim needs 'mode' central",
              "spec.gateway",
              "{gateway: {" + broken + "journal: {type: persistentVolumeClaim}}}",
              "{gateway: {mode: central, journal: {type: persistentVolumeClaim, size: 5Gi}}}"));
    }
    return cases;
  }

  private static List<Case> telemetryCases() {
    String message = "'collectionInterval' must be greater than 0";
    List<Case> cases = new ArrayList<>();
    for (String zero : List.of("0s", "-1m", "0")) {
      cases.add(
          new Case(
              TELEMETRY,
              message,
              "spec.metric.collectionInterval",
              "{metric: {collectionInterval: '" + zero + "'}}",
              "{metric: {collectionInterval: 1ns}}"));
    }
    for (String input : List.of("runtime", "prometheus", "istio")) {
      cases.add(
          new Case(
              TELEMETRY,
              message,
              "spec.metric." + input + ".collectionInterval",
              "{metric: {" + input + ": {collectionInterval: 0s}}}",
              "{metric: {" + input + ": {collectionInterval: 1h30m}}}"));
    }
    cases.addAll(gatewayCases());
    for (String broken : List.of("{}", "{key: a, keyPrefix: b}")) {
      cases.add(
          new Case(
              TELEMETRY,
              "Either 'key' or 'keyPrefix' must be specified",
              "spec.enrichments.extractPodLabels[0]",
              "{enrichments: {extractPodLabels: [" + broken + "]}}",
              "{enrichments: {extractPodLabels: [{key: a}, {keyPrefix: b}]}}"));
    }
    return cases;
  }

  private static List<Case> deliveryCases(ResourceKind kind) {
    String retry =
        "'initial' (1s where it is left out) must not be greater than 'max' (30s where it is left"
            + " out)";
    return List.of(
        delivery(
            kind,
            "'age' must be greater than 0",
            ".buffer.age",
            "buffer: {age: 0s}",
            "buffer: {age: 1ns, size: 1}"),
        delivery(
            kind,
            "'initial' must be greater than 0",
            ".retry.initial",
            "retry: {initial: -1s}",
            "retry: {initial: 10ms}"),
        delivery(kind, retry, ".retry", "retry: {initial: 31s}", "retry: {initial: 30s}"),
        delivery(kind, retry, ".retry", "retry: {max: 0s}", "retry: {max: 1s}"),
        delivery(
            kind,
            retry,
            ".retry",
            "retry: {initial: 2m, max: 1m59s}",
            "retry: {initial: 2m, max: 120s}"),
        delivery(
            kind, "'onDelete' must not be negative", ".onDelete", "onDelete: -1ns", "onDelete: 0s"),
        delivery(
            kind,
            "'holdInput' must not be negative",
            ".holdInput",
            "holdInput: -1m",
            "holdInput: '0'"),
        delivery(
            kind,
            "'age' must be greater than 0",
            ".retain.age",
            "retain: {age: 0s}",
            "retain: {age: 1h}"),
        delivery(
            kind,
            "'retain' must have 'age' or 'size' set",
            ".retain",
            "retain: {}",
            "retain: {size: 10Gi}"));
  }

  private static Case delivery(
      ResourceKind kind, String message, String path, String broken, String kept) {
    String format = "{output: {kamelet: {name: x}}, delivery: {%s}}";
    return new Case(
        kind, message, "spec.delivery" + path, format.formatted(broken), format.formatted(kept));
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

  private static Case otlp(
      ResourceKind kind, String message, String path, String broken, String kept) {
    return new Case(
        kind,
        message,
        "spec.output.otlp" + path,
        "{output: {otlp: {" + broken + "}}}",
        "{output: {otlp: {" + kept + "}}}");
  }

  private static Case auth(
      ResourceKind kind, String message, String path, String broken, String kept) {
    String format = "endpoint: {value: x}, authentication: {%s}";
    return otlp(
        kind, message, ".authentication" + path, format.formatted(broken), format.formatted(kept));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldReportExactlyTheBrokenRuleWithItsMessageAtItsPath(Case broken) {
    Admission.Review review =
        Admission.review(broken.kind(), Trees.resource(broken.kind(), broken.broken()));

    assertThat(review.violations())
        .extracting(Violation::toString)
        .containsExactly(broken.path() + ": " + broken.message());
    assertThat(review.violations().getFirst().reason()).isEqualTo(Reason.RULE);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldAcceptWhatKeepsTheRule(Case kept) {
    assertThat(Admission.review(kept.kind(), Trees.resource(kept.kind(), kept.kept())).violations())
        .isEmpty();
  }

  @Test
  void shouldHaveACaseForEveryRuleOfEveryDefinition() {
    Set<String> tested =
        cases()
            .map(
                rule ->
                    rule.kind()
                        + " "
                        + rule.path().replaceAll("\\[\\d+]", "[]")
                        + ": "
                        + rule.message())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> defined = new TreeSet<>();
    for (ResourceKind kind : ResourceKind.values()) {
      rules(
          Definitions.schema(kind),
          "",
          (path, rule) -> {
            if (!rule.isTransition()) {
              defined.add(kind + " " + path + ": " + rule.message());
            }
          });
    }

    assertThat(tested).containsExactlyInAnyOrderElementsOf(defined);
  }

  @Test
  void shouldHaveRulesThatATypeCheckerAccepts() throws Exception {
    CelCompiler compiler =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
            .addVar("self", SimpleType.DYN)
            .addVar("oldSelf", SimpleType.DYN)
            .addFunctionDeclarations(
                CelFunctionDecl.newFunctionDeclaration(
                    "isURL",
                    CelOverloadDecl.newGlobalOverload(
                        "isURL_string", SimpleType.BOOL, SimpleType.STRING)))
            .build();

    for (ResourceKind kind : ResourceKind.values()) {
      rules(
          Definitions.schema(kind),
          "",
          (path, rule) ->
              assertThatCode(
                      () ->
                          assertThat(compiler.compile(rule.expression()).getAst().getResultType())
                              .isIn(SimpleType.BOOL, SimpleType.DYN))
                  .as("%s of %s", rule.expression(), path)
                  .doesNotThrowAnyException());
    }
  }

  @ParameterizedTest
  @MethodSource("switches")
  void shouldRefuseToSwitchALogPipelineToOrAwayFromOtlp(String from, String to, boolean allowed) {
    Admission.Review review =
        Admission.review(
            LOG_PIPELINE,
            Trees.resource(LOG_PIPELINE, "{output: " + to + "}"),
            Optional.of(Trees.resource(LOG_PIPELINE, "{output: " + from + "}")));

    assertThat(review.violations())
        .extracting(Violation::toString)
        .isEqualTo(
            allowed
                ? List.of()
                : List.of(
                    "spec.output: Switching to or away from OTLP output is not supported. Please re-create the LogPipeline instead"));
  }

  private static Stream<org.junit.jupiter.params.provider.Arguments> switches() {
    String otlp = "{otlp: {endpoint: {value: x}}}";
    String kamelet = "{kamelet: {name: x}}";
    String http = "{http: {host: {value: x}}}";
    String custom = "{custom: x}";
    Set<String> modern = Set.of(otlp, kamelet);
    List<String> all = Arrays.asList(otlp, kamelet, http, custom);
    return all.stream()
        .flatMap(
            from ->
                all.stream()
                    .map(
                        to ->
                            org.junit.jupiter.params.provider.Arguments.of(
                                from, to, modern.contains(from) == modern.contains(to))));
  }

  private static void rules(
      Schema schema, String path, java.util.function.BiConsumer<String, Rule> visitor) {
    schema.rules().forEach(rule -> visitor.accept(path, rule));
    schema
        .properties()
        .forEach(
            (name, property) ->
                rules(property, path.isEmpty() ? name : path + "." + name, visitor));
    schema.items().ifPresent(items -> rules(items, path + "[]", visitor));
    schema.additionalProperties().ifPresent(values -> rules(values, path + ".*", visitor));
  }
}
