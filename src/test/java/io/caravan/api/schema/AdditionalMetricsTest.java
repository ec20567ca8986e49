/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.api.RuntimeMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdditionalMetricsTest {

  @ParameterizedTest
  @EnumSource(ApiVersion.class)
  void shouldNameEachMetricThatThereIsNotWithItsPlace(ApiVersion version) {
    Admission.Review review = review(version, "[k8s.pod.uptime, k8s.pod.luck, k8s.pod.phase, up]");

    assertThat(review.violations())
        .extracting(Violation::toString)
        .containsExactly(
            "spec.input.runtime.additionalMetrics[1]: invalid runtime additional metric: k8s.pod.luck. For the list of valid runtime additional metrics, check documentation: docs/runtime-metrics.md",
            "spec.input.runtime.additionalMetrics[3]: invalid runtime additional metric: up. For the list of valid runtime additional metrics, check documentation: docs/runtime-metrics.md");
  }

  @Test
  void shouldTakeAllThatThereAre() {
    assertThat(review(ApiVersion.V1BETA1, RuntimeMetrics.names().toString()).violations())
        .isEmpty();
  }

  @Test
  void shouldDocumentAllThatThereAre() throws Exception {
    assertThat(
            Pattern.compile("^- `(.+)`$", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("docs/runtime-metrics.md")))
                .results()
                .map(found -> found.group(1)))
        .containsExactlyInAnyOrderElementsOf(RuntimeMetrics.names());
  }

  private static Admission.Review review(ApiVersion version, String names) {
    return Admission.review(
        ResourceKind.METRIC_PIPELINE,
        version,
        Trees.resource(
            ResourceKind.METRIC_PIPELINE,
            version,
            "{input: {runtime: {enabled: true, additionalMetrics: %s}}, output: {kamelet: {name: x}}}"
                .formatted(names)),
        Optional.empty());
  }
}
