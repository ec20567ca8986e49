/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.convert;

import static io.caravan.api.schema.ApiVersion.V1ALPHA1;
import static io.caravan.api.schema.ApiVersion.V1BETA1;
import static io.caravan.api.schema.ResourceKind.LOG_PIPELINE;
import static io.caravan.api.schema.ResourceKind.METRIC_PIPELINE;
import static io.caravan.api.schema.ResourceKind.TRACE_PIPELINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.schema.Admission;
import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;
import io.caravan.api.schema.SchemaSamples;
import io.caravan.api.schema.Trees;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Conversion between the versions, as an API server asks for it. */
final class VersionsTest {

  private static final int SAMPLES = 60;

  private static Stream<ResourceKind> kinds() {
    return Stream.of(ResourceKind.values()).filter(kind -> kind.versions().size() == 2);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldGiveBackWhatWasWrittenInTheOlderVersion(ResourceKind kind) {
    List<ObjectNode> samples = SchemaSamples.of(kind, V1ALPHA1, SAMPLES).toList();

    assertThat(samples)
        .hasSize(SAMPLES)
        .allSatisfy(
            older ->
                assertThat(Versions.convert(kind, V1ALPHA1, Versions.convert(kind, V1BETA1, older)))
                    .isEqualTo(kind == METRIC_PIPELINE ? withoutOff(older) : older));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldMakeValidResourcesOfValidOnes(ResourceKind kind) {
    for (ApiVersion from : kind.versions()) {
      ApiVersion to = from == V1ALPHA1 ? V1BETA1 : V1ALPHA1;
      assertThat(SchemaSamples.of(kind, from, SAMPLES))
          .hasSize(SAMPLES)
          .allSatisfy(
              sample ->
                  assertThat(
                          Admission.review(
                                  kind, to, Versions.convert(kind, to, sample), Optional.empty())
                              .violations())
                      .as("%s", sample)
                      .isEmpty());
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void shouldLoseNothingOfTheNewerVersionOnTheWayThroughTheOlder(ResourceKind kind) {
    assertThat(SchemaSamples.of(kind, V1BETA1, SAMPLES))
        .allSatisfy(
            sample -> {
              ObjectNode newer = Admission.withDefaults(kind, V1BETA1, sample);
              ObjectNode there = Versions.convert(kind, V1ALPHA1, newer);
              JsonNode back = Versions.convert(kind, V1BETA1, there).path("spec");
              // Without a selector the input reads no system namespaces, and the older version says
              // so.
              JsonNode expected = newer.path("spec");
              if (expected.path("input").path("runtime") instanceof ObjectNode runtime
                  && kind == LOG_PIPELINE
                  && !runtime.has("namespaces")) {
                runtime.set("namespaces", back.path("input").path("runtime").path("namespaces"));
              }
              assertThat(back).isEqualTo(expected);
            });
  }

  @Test
  void shouldForgetTheOlderWordsOnceTheSpecHasChanged() {
    ObjectNode older =
        resource("{input: {application: {namespaces: {system: true}}}, output: {custom: x}}");
    ObjectNode newer = Versions.convert(LOG_PIPELINE, V1BETA1, older);
    ((ObjectNode) newer.path("metadata")).put("generation", 8);
    ((ObjectNode) newer.path("spec").path("output")).put("custom", "y");

    ObjectNode back = Versions.convert(LOG_PIPELINE, V1ALPHA1, newer);

    assertThat(back.path("spec").path("output").path("custom").asText()).isEqualTo("y");
    assertThat(back.path("metadata").has("annotations")).isFalse();
  }

  @Test
  void shouldConvertEvenIfSomebodyBrokeTheAnnotation() {
    ObjectNode newer = Versions.convert(LOG_PIPELINE, V1BETA1, resource("{output: {custom: x}}"));
    ((ObjectNode) newer.path("metadata").path("annotations"))
        .put(ConversionData.ANNOTATION, "{broken")
        .put("mine", "stays");

    ObjectNode back = Versions.convert(LOG_PIPELINE, V1ALPHA1, newer);

    assertThat(back.path("spec")).isEqualTo(Trees.tree("{output: {custom: x}}"));
    assertThat(back.path("metadata").path("annotations")).isEqualTo(Trees.tree("{mine: stays}"));
  }

  @Test
  void shouldNotKeepMoreThanAnObjectMayCarryInItsAnnotations() {
    ObjectNode newer =
        Versions.convert(
            LOG_PIPELINE, V1BETA1, resource("{output: {custom: '" + "x".repeat(200_000) + "'}}"));

    assertThat(newer.path("metadata").has("annotations")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          LOG_PIPELINE | {input: {application: {}}} | {input: {runtime: {namespaces: {exclude: [kyma-system, kube-system, istio-system]}}}}
          LOG_PIPELINE | {input: {application: {namespaces: {system: false}}}} | {input: {runtime: {namespaces: {exclude: [kyma-system, kube-system, istio-system]}}}}
          LOG_PIPELINE | {input: {application: {namespaces: {system: true}}}} | {input: {runtime: {namespaces: {}}}}
          LOG_PIPELINE | {input: {application: {namespaces: {include: [a, B_c, d]}}}} | {input: {runtime: {namespaces: {include: [a, d]}}}}
          LOG_PIPELINE | {input: {application: {namespaces: {include: [B_c]}}}} | {input: {runtime: {namespaces: {}, enabled: false}}}
          LOG_PIPELINE | {input: {otlp: {namespaces: {include: [B_c]}}}} | {input: {otlp: {namespaces: {}, enabled: false}}}
          LOG_PIPELINE | {input: {otlp: {}}} | {input: {otlp: {enabled: true}}}
          LOG_PIPELINE | {input: {otlp: {disabled: true}}} | {input: {otlp: {enabled: false}}}
          LOG_PIPELINE | {output: {http: {tls: {disabled: true, skipCertificateValidation: false}}}} | {output: {http: {tls: {insecure: true, insecureSkipVerify: false}}}}
          METRIC_PIPELINE | {input: {otlp: {disabled: true}, prometheus: {enabled: true, namespaces: {include: [A]}}, istio: {namespaces: {exclude: [A, b]}}}} | {input: {otlp: {enabled: false}, prometheus: {enabled: false, namespaces: {}}, istio: {namespaces: {exclude: [b]}}}}
          TRACE_PIPELINE | {output: {otlp: {endpoint: {value: '', valueFrom: {secretKeyRef: {name: a, namespace: b, key: c}}}}}} | {output: {otlp: {endpoint: {valueFrom: {secretKeyRef: {name: a, namespace: b, key: c}}}}}}
          """)
  void shouldSayTheSameInTheNewerVersion(ResourceKind kind, String older, String newer) {
    ObjectNode tree = Trees.resource(kind, V1ALPHA1, older);

    assertThat(Versions.convert(kind, V1BETA1, tree))
        .isEqualTo(Trees.resource(kind, V1BETA1, newer));
  }

  @Test
  void shouldConvertNothingOfAnotherVersion() {
    ObjectNode tree = Trees.resource(TRACE_PIPELINE, "{}").put("apiVersion", "x/v2");

    assertThatThrownBy(() -> Versions.convert(TRACE_PIPELINE, V1BETA1, tree))
        .hasMessage(
            "found apiVersion 'x/v2', expected one of [v1beta1, v1alpha1] of TracePipeline");
  }

  private static ObjectNode resource(String spec) {
    ObjectNode tree = Trees.resource(LOG_PIPELINE, V1ALPHA1, spec);
    ((ObjectNode) tree.path("metadata")).put("generation", 7);
    return tree;
  }

  /** {@code disabled: false} says what its absence says. */
  private static ObjectNode withoutOff(ObjectNode tree) {
    ObjectNode copy = tree.deepCopy();
    if (copy.path("spec").path("input").path("otlp") instanceof ObjectNode otlp
        && !otlp.path("disabled").asBoolean()) {
      otlp.remove("disabled");
    }
    return copy;
  }
}
