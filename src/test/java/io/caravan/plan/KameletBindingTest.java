/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.caravan.api.KameletSource;
import io.caravan.plan.PlanValue.Literal;
import io.caravan.plan.PlanValue.Referenced;
import io.caravan.plan.PlanValue.Secret;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KameletBindingTest {
  private static final String DEFINITION =
      """
      required: [url, size]
      properties:
        url: {type: string, pattern: "^https?://"}
        token: {type: string, format: password, pattern: "^[a-z]+$"}
        size: {type: integer, default: 10}
        ratio: {type: number}
        gzip: {type: boolean, default: false}
        format: {type: string, enum: [json, 1, true]}
      """;

  @Test
  void shouldAddTheDefaultsAndMarkWhatTheSchemaMarks() throws Exception {
    Map<String, PlanValue> values =
        bind(Map.of("url", new Literal("https://b"), "token", new Literal("abc")));

    assertThat(values)
        .containsExactlyEntriesOf(
            new TreeMap<>(
                Map.of(
                    "url", new Literal("https://b"),
                    "token", new Secret("abc"),
                    "size", new Literal("10"),
                    "gzip", new Literal("false"))));
  }

  @ParameterizedTest
  @CsvSource({
    "size, 10",
    "size, -1",
    "ratio, 0.5",
    "ratio, 1e3",
    "gzip, true",
    "format, 1",
    "format, true",
  })
  void shouldTakeValuesOfTheSchemasType(String property, String value) throws Exception {
    assertThat(bind(Map.of("url", new Literal("http://b"), property, new Literal(value))))
        .containsEntry(property, new Literal(value));
  }

  @ParameterizedTest
  @CsvSource({
    "size, ten, is not an integer",
    "size, 1.5, is not an integer",
    "ratio, half, is not a number",
    "gzip, yes, is not true or false",
    "format, xml, 'is not one of json, 1, true'",
    "url, ftp://b, does not match ^https?://",
  })
  void shouldQuoteAWrongValueWithItsPath(String property, String value, String problem) {
    Map<String, PlanValue> given =
        property.equals("url")
            ? Map.of(property, new Literal(value))
            : Map.of("url", new Literal("http://b"), property, new Literal(value));

    assertProblem(given, "spec.x.%s: '%s' %s".formatted(property, value, problem));
  }

  @Test
  void shouldNotQuoteASecret() {
    assertProblem(
        Map.of("url", new Literal("http://b"), "token", new Literal("123")),
        "spec.x.token: the secret value does not match ^[a-z]+$");
    assertProblem(
        Map.of("url", new Literal("http://b"), "size", new Referenced("s3cret")),
        "spec.x.size: the secret value is not an integer");
  }

  @Test
  void shouldNameAllProblemsAndWhatMayHaveBeenMeant() {
    assertProblem(
        Map.of("urll", new Literal("http://b"), "size", new Literal("x")),
        "spec.x.size: 'x' is not an integer; spec.x.urll: Kamelet 'sink' has no such property; did"
            + " you mean 'url'? (it has url, token, size, ratio, gzip, format); spec.x.url: is"
            + " missing; Kamelet 'sink' requires it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind: [|it is not YAML",
        "kind: Kamelet|spec.template is missing; it holds the route",
        "{metadata: {labels: {camel.apache.org/kamelet.type: source}}, spec: {template: {}}}|its label camel.apache.org/kamelet.type is 'source'; an output needs a sink",
        "{spec: {template: {}, definition: {properties: {a: {type: text}}}}}|property 'a' has the unknown type 'text'",
        "{spec: {template: {}, definition: {properties: {a: {pattern: '['}}}}}|the pattern of property 'a' is wrong",
      })
  void shouldSayWhyAKameletCannotBeUsed(String yaml, String problem) {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> KameletReader.read(new KameletSource("odd", yaml)))
        .withMessageStartingWith("Kamelet 'odd' cannot be used: " + problem)
        .extracting(RejectedException::reason)
        .hasToString("KameletInvalid");
  }

  private static void assertProblem(Map<String, PlanValue> given, String message) {
    assertThatExceptionOfType(RejectedException.class)
        .isThrownBy(() -> bind(given))
        .withMessage(message)
        .extracting(RejectedException::reason)
        .hasToString("KameletPropertyInvalid");
  }

  private static Map<String, PlanValue> bind(Map<String, PlanValue> given)
      throws RejectedException {
    Kamelet kamelet = KameletReader.read(TestKamelets.sink("sink", DEFINITION));
    return new KameletBinding(kamelet, "spec.x").bind(new TreeMap<>(given));
  }
}
