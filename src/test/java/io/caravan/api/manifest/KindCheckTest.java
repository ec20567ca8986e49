/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which resources are read, which are left out, and which are written wrong. */
final class KindCheckTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          telemetry.kyma-project.io/v1beta1 | TracePipline | 2:7: kind: telemetry.kyma-project.io has no kind 'TracePipline', only LogPipeline, MetricPipeline, TracePipeline; did you mean 'TracePipeline'?
          telemetry.kyma-project.io/v1beta2 | LogPipeline | 1:13: apiVersion: found 'telemetry.kyma-project.io/v1beta2', expected 'telemetry.kyma-project.io/v1beta1'
          telemetry.kyma-projekt.io/v1beta1 | LogPipeline | 1:13: apiVersion: found 'telemetry.kyma-projekt.io/v1beta1', expected 'telemetry.kyma-project.io/v1beta1'
          operator.kyma-project.io/v1 | Telemetry | 1:13: apiVersion: found 'operator.kyma-project.io/v1', expected 'operator.kyma-project.io/v1beta1'
          camel.apache.org/v1alpha1 | Kamelet | 1:13: apiVersion: found 'camel.apache.org/v1alpha1', expected 'camel.apache.org/v1'
          telemetry.istio.io/v1 | Telemetry | 1:1: Telemetry of telemetry.istio.io/v1 is not read here, only that of operator.kyma-project.io/v1beta1: ignored
          apps/v1 | Deployment | 1:1: Deployment of apps/v1 is not read here: ignored
          v1 | Secrets | 1:1: Secrets of v1 is not read here: ignored; did you mean 'Secret'?
          """)
  void shouldSayWhatIsReadInstead(String apiVersion, String kind, String finding) {
    Manifests manifests =
        ManifestReader.read(
            "apiVersion: %s\nkind: %s\nmetadata: {name: x}\n".formatted(apiVersion, kind),
            "f.yaml");

    assertThat(manifests.findings())
        .extracting(Finding::toString)
        .containsExactly("f.yaml:" + finding);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {name: Bad_Name} | 3:18: metadata.name: a name has 253 characters at most, of a-z, 0-9, - and ., and begins and ends with a letter or digit
          {name: 5} | 3:18: metadata.name: expected a string; put the name in quotes
          {nmae: x} | 3:12: metadata.nmae: unknown field; did you mean 'name'?
          {name: x, labels: {a: 1}} | 3:33: metadata.labels.a: expected a string; put the value in quotes
          {name: x, namespace: Bad} | 3:32: metadata.namespace: a namespace is a string of 63 characters at most, of a-z, 0-9 and -, and begins and ends with a letter or digit
          """)
  void shouldCheckMetadata(String metadata, String finding) {
    Manifests manifests =
        ManifestReader.read(
            "apiVersion: v1\nkind: Secret\nmetadata: %s\n".formatted(metadata), "f.yaml");

    assertThat(manifests.findings()).extracting(Finding::toString).contains("f.yaml:" + finding);
    assertThat(manifests.secrets()).isEmpty();
  }
}
