/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import static io.caravan.api.schema.ApiVersion.V1ALPHA1;
import static io.caravan.api.schema.ApiVersion.V1BETA1;
import static io.caravan.api.schema.ResourceKind.LOG_PIPELINE;
import static io.caravan.api.schema.ResourceKind.METRIC_PIPELINE;
import static io.caravan.api.schema.ResourceKind.TRACE_PIPELINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.api.schema.ApiVersion;
import io.caravan.api.schema.ResourceKind;
import io.caravan.api.schema.Trees;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the webhooks answer to an API server. */
final class AdmissionReviewsTest {

  private static final String OTLP = "output: {otlp: {endpoint: {value: x}}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          TRACE_PIPELINE | V1BETA1 | {output: {otlp: {endpoint: {value: x}}}} | [{op: add, path: /spec/output/otlp/protocol, value: grpc}]
          TRACE_PIPELINE | V1ALPHA1 | {output: {otlp: {endpoint: {value: x}}}} | [{op: add, path: /spec/output/otlp/protocol, value: grpc}]
          LOG_PIPELINE | V1BETA1 | {output: {custom: x}} | [{op: add, path: /spec/input, value: {runtime: {enabled: true, keepOriginalBody: true, namespaces: {exclude: [kyma-system, kube-system, istio-system]}}}}]
          LOG_PIPELINE | V1ALPHA1 | {output: {custom: x}} | [{op: add, path: /spec/input, value: {application: {enabled: true, keepOriginalBody: true}}}]
          LOG_PIPELINE | V1ALPHA1 | {output: {kamelet: {name: x}}, input: {application: {enabled: false}, otlp: {disabled: true}}} | [{op: add, path: /spec/input/otlp/namespaces, value: {}}]
          METRIC_PIPELINE | V1ALPHA1 | {output: {kamelet: {name: x}}, input: {otlp: {disabled: true, namespaces: {}}}} | []
          METRIC_PIPELINE | V1ALPHA1 | {output: {kamelet: {name: x}}, input: {otlp: {namespaces: {}}, istio: {enabled: true, namespaces: {}}}} | [{op: add, path: /spec/input/istio/diagnosticMetrics, value: {enabled: false}}, {op: add, path: /spec/input/istio/envoyMetrics, value: {enabled: false}}]
          """)
  void shouldPatchInTheDefaultsOfThatVersion(
      ResourceKind kind, ApiVersion version, String spec, String patch) throws IOException {
    JsonNode response =
        new AdmissionReviews(kind, version)
            .defaulted(review(Trees.resource(kind, version, spec), Optional.empty()))
            .path("response");

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.path("uid").asText()).isEqualTo("42");
    assertThat(patch(response)).isEqualTo(Trees.tree(patch));
  }

  @Test
  void shouldRefuseWithEveryErrorAndItsPlace() {
    ObjectNode pipeline =
        Trees.resource(
            TRACE_PIPELINE,
            "{output: {otlp: {endpoint: {}, tls: {cert: {value: x}}}}, delivery: {retain: {}}}");

    JsonNode response = validated(TRACE_PIPELINE, V1BETA1, pipeline, Optional.empty());

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.path("status").path("code").asInt()).isEqualTo(422);
    assertThat(response.path("status").path("message").asText())
        .isEqualTo(
            "TracePipeline 'demo' is invalid:"
                + " spec.output.otlp: 'endpoint' must have 'value' or 'valueFrom' set;"
                + " spec.output.otlp.tls: Can define either both 'cert' and 'key', or neither;"
                + " spec.delivery.retain: 'retain' must have 'age' or 'size' set");
  }

  @Test
  void shouldRefuseAPropertyOfAKameletThatTheDefinitionCannotDescribe() {
    ObjectNode pipeline =
        Trees.resource(
            METRIC_PIPELINE, "{output: {kamelet: {name: x, properties: {token: [a, b]}}}}");

    JsonNode response = validated(METRIC_PIPELINE, V1BETA1, pipeline, Optional.empty());

    assertThat(response.path("status").path("message").asText())
        .startsWith("MetricPipeline 'demo' is invalid: spec.output.kamelet.properties.token:");
  }

  @Test
  void shouldRefuseASwitchOfTechnologies() {
    JsonNode response =
        validated(
            LOG_PIPELINE,
            V1BETA1,
            Trees.resource(LOG_PIPELINE, "{output: {custom: x}}"),
            Optional.of(Trees.resource(LOG_PIPELINE, "{" + OTLP + "}")));

    assertThat(response.path("status").path("message").asText())
        .contains("Switching to or away from OTLP output is not supported");
  }

  @Test
  void shouldNotJudgeASpecAgainThatStaysAsItIs() {
    ObjectNode broken = Trees.resource(TRACE_PIPELINE, "{output: {}}");
    ObjectNode labelled = broken.deepCopy();
    ((ObjectNode) labelled.path("metadata")).putObject("labels").put("team", "a");

    assertThat(
            validated(TRACE_PIPELINE, V1BETA1, labelled, Optional.of(broken))
                .path("allowed")
                .asBoolean())
        .isTrue();
    assertThat(
            validated(TRACE_PIPELINE, V1BETA1, broken, Optional.empty())
                .path("allowed")
                .asBoolean())
        .isFalse();
  }

  @Test
  void shouldLetAnObjectGoThatIsBeingDeleted() {
    ObjectNode broken = Trees.resource(TRACE_PIPELINE, "{output: {}}");
    ((ObjectNode) broken.path("metadata")).put("deletionTimestamp", "2026-11-21T08:00:00Z");

    assertThat(
            validated(TRACE_PIPELINE, V1BETA1, broken, Optional.empty())
                .path("allowed")
                .asBoolean())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({"V1BETA1, runtime", "V1ALPHA1, application"})
  void shouldWarnOfTheFieldsOfTheOlderTechnology(ApiVersion version, String input) {
    ObjectNode pipeline =
        Trees.resource(
            LOG_PIPELINE,
            version,
            "{output: {http: {host: {value: x}}}, input: {" + input + ": {dropLabels: true}}}");

    JsonNode response = validated(LOG_PIPELINE, version, pipeline, Optional.empty());

    assertThat(response.path("allowed").asBoolean()).isTrue();
    assertThat(response.path("warnings").valueStream().map(JsonNode::asText))
        .hasSize(2)
        .anyMatch(text -> text.contains("uses the attribute 'output.http' which is based on"))
        .anyMatch(text -> text.contains("uses the attribute 'input." + input + ".dropLabels'"));
  }

  @Test
  void shouldTakeNothingForAReviewThatIsNone() {
    AdmissionReviews reviews = new AdmissionReviews(TRACE_PIPELINE, V1ALPHA1);

    assertThatThrownBy(() -> reviews.validated(Trees.tree("{kind: Pod}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected an AdmissionReview of admission.k8s.io/v1 with a request that has a uid");
  }

  private static JsonNode validated(
      ResourceKind kind, ApiVersion version, ObjectNode object, Optional<ObjectNode> before) {
    return new AdmissionReviews(kind, version).validated(review(object, before)).path("response");
  }

  private static ObjectNode review(ObjectNode object, Optional<ObjectNode> before) {
    ObjectNode review =
        (ObjectNode)
            Trees.tree(
                "{apiVersion: admission.k8s.io/v1, kind: AdmissionReview, request: {uid: '42'}}");
    ObjectNode request = review.withObject("/request");
    request.put("operation", before.isPresent() ? "UPDATE" : "CREATE");
    request.set("object", object);
    before.ifPresent(old -> request.set("oldObject", old));
    return review;
  }

  private static JsonNode patch(JsonNode response) throws IOException {
    return response.has("patch")
        ? new ObjectMapper().readTree(Base64.getDecoder().decode(response.path("patch").asText()))
        : Trees.tree("[]");
  }
}
