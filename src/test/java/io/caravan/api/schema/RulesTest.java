/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static io.caravan.api.schema.ResourceKind.LOG_PIPELINE;
import static io.caravan.api.schema.ResourceKind.TELEMETRY_REPLAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import io.caravan.api.schema.RuleCases.Case;
import io.caravan.api.schema.Violation.Reason;
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

  private static Stream<Case> cases() {
    return RuleCases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldReportExactlyTheBrokenRuleWithItsMessageAtItsPath(Case broken) {
    Admission.Review review = review(broken, broken.broken());

    assertThat(review.violations())
        .extracting(Violation::toString)
        .containsExactly(broken.path() + ": " + broken.message());
    assertThat(review.violations().getFirst().reason()).isEqualTo(Reason.RULE);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void shouldAcceptWhatKeepsTheRule(Case kept) {
    assertThat(review(kept, kept.kept()).violations()).isEmpty();
  }

  @Test
  void shouldHaveACaseForEveryRuleOfEveryDefinition() {
    Set<String> tested =
        cases()
            .map(
                rule ->
                    rule.kind()
                        + " "
                        + rule.version()
                        + " "
                        + rule.path().replaceAll("\\[\\d+]", "[]")
                        + ": "
                        + rule.message())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> defined = new TreeSet<>();
    for (ResourceKind kind : ResourceKind.values()) {
      for (ApiVersion version : kind.versions()) {
        rules(
            Definitions.schema(kind, version),
            "",
            (path, rule) -> {
              if (!rule.isTransition()) {
                defined.add(kind + " " + version + " " + path + ": " + rule.message());
              }
            });
      }
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
      for (ApiVersion version : kind.versions()) {
        rules(
            Definitions.schema(kind, version),
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
  }

  @Test
  void shouldRefuseToChangeAReplay() {
    ObjectNode before = Trees.resource(TELEMETRY_REPLAY, "{pipeline: tracepipeline/a, rate: 5}");
    ObjectNode after = Trees.resource(TELEMETRY_REPLAY, "{pipeline: tracepipeline/a, rate: 6}");

    assertThat(
            Admission.review(TELEMETRY_REPLAY, ApiVersion.V1ALPHA1, after, Optional.of(before))
                .violations())
        .extracting(Violation::toString)
        .containsExactly(
            "spec: A TelemetryReplay cannot be changed. Please create another one instead");
    assertThat(
            Admission.review(TELEMETRY_REPLAY, ApiVersion.V1ALPHA1, before, Optional.of(before))
                .violations())
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("switches")
  void shouldRefuseToSwitchALogPipelineToOrAwayFromOtlp(String from, String to, boolean allowed) {
    Admission.Review review =
        Admission.review(
            LOG_PIPELINE,
            ApiVersion.V1BETA1,
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

  private static Admission.Review review(Case rule, String spec) {
    return Admission.review(
        rule.kind(),
        rule.version(),
        Trees.resource(rule.kind(), rule.version(), spec),
        Optional.empty());
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
