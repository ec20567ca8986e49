/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.api.schema.Trees;
import org.junit.jupiter.api.Test;

/** What an API server gets when it asks for another version. */
final class ConversionReviewsTest {

  private static final String OLDER =
      "{apiVersion: telemetry.kyma-project.io/v1alpha1, kind: MetricPipeline,"
          + " metadata: {name: %s}, spec: {input: {otlp: {disabled: true}}}}";

  @Test
  void shouldConvertAllInTheirOrder() {
    JsonNode response = converted(OLDER.formatted("a") + ", " + OLDER.formatted("b"));

    assertThat(response.path("uid").asText()).isEqualTo("u");
    assertThat(response.path("result").path("status").asText()).isEqualTo("Success");
    assertThat(response.path("convertedObjects"))
        .isEqualTo(
            Trees.tree(
                "[%s, %s]"
                    .formatted(OLDER.formatted("a"), OLDER.formatted("b"))
                    .replace("v1alpha1", "v1beta1")
                    .replace("disabled: true", "enabled: false")));
  }

  @Test
  void shouldConvertNoneAndSayWhichItWas() {
    JsonNode response =
        converted(OLDER.formatted("a") + ", {apiVersion: x/v1, kind: Pod, metadata: {name: p}}");

    assertThat(response.path("result").path("status").asText()).isEqualTo("Failure");
    assertThat(response.path("result").path("message").asText()).isEqualTo("Pod p: unknown kind");
    assertThat(response.path("convertedObjects")).isEmpty();
  }

  @Test
  void shouldTakeNothingForAReviewThatIsNone() {
    assertThatThrownBy(() -> ConversionReviews.converted(Trees.tree("{}")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static JsonNode converted(String objects) {
    String review =
        ("{apiVersion: apiextensions.k8s.io/v1, kind: ConversionReview, request: {uid: u,"
                + " desiredAPIVersion: telemetry.kyma-project.io/v1beta1, objects: [%s]}}")
            .formatted(objects);
    return ConversionReviews.converted(Trees.tree(review)).path("response");
  }
}
