/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the definitions and the webhooks add to a resource. */
final class DefaultsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          TRACE_PIPELINE | {output: {otlp: {endpoint: {value: x}}}} | {output: {otlp: {endpoint: {value: x}, protocol: grpc}}}
          TRACE_PIPELINE | {output: {otlp: {endpoint: {value: x}, protocol: http}}} | {output: {otlp: {endpoint: {value: x}, protocol: http}}}
          TRACE_PIPELINE | {output: {kamelet: {name: x}}} | {output: {kamelet: {name: x}}}
          TRACE_PIPELINE | {output: {kamelet: {name: x}}, delivery: {buffer: {size: 5Mi}, retry: {}}} | {output: {kamelet: {name: x}}, delivery: {buffer: {size: 5Mi}, retry: {}}}
          LOG_PIPELINE | {output: {custom: x}} | {output: {custom: x}, input: {runtime: {enabled: true, keepOriginalBody: true, namespaces: {exclude: [kyma-system, kube-system, istio-system]}}}}
          LOG_PIPELINE | {output: {custom: x}, input: {runtime: {enabled: false}}} | {output: {custom: x}, input: {runtime: {enabled: false}}}
          LOG_PIPELINE | {output: {custom: x}, input: {runtime: {namespaces: {}, keepOriginalBody: false}}} | {output: {custom: x}, input: {runtime: {namespaces: {}, keepOriginalBody: false, enabled: true}}}
          LOG_PIPELINE | {output: {kamelet: {name: x}}, input: {runtime: {enabled: false}}} | {output: {kamelet: {name: x}}, input: {runtime: {enabled: false}, otlp: {enabled: true, namespaces: {}}}}
          LOG_PIPELINE | {output: {otlp: {endpoint: {value: x}}}, input: {runtime: {enabled: false}, otlp: {enabled: false}}} | {output: {otlp: {endpoint: {value: x}, protocol: grpc}}, input: {runtime: {enabled: false}, otlp: {enabled: false, namespaces: {}}}}
          METRIC_PIPELINE | {output: {otlp: {endpoint: {value: x}}}} | {output: {otlp: {endpoint: {value: x}, temporality: preserve, protocol: grpc}}, input: {otlp: {enabled: true, namespaces: {}}}}
          METRIC_PIPELINE | {output: {kamelet: {name: x}}, input: {prometheus: {}, istio: {enabled: false}}} | {output: {kamelet: {name: x}}, input: {prometheus: {}, istio: {enabled: false}, otlp: {enabled: true, namespaces: {}}}}
          METRIC_PIPELINE | {output: {kamelet: {name: x}}, input: {prometheus: {enabled: true}}} | {output: {kamelet: {name: x}}, input: {prometheus: {enabled: true, namespaces: {exclude: [kyma-system, kube-system, istio-system]}, diagnosticMetrics: {enabled: false}}, otlp: {enabled: true, namespaces: {}}}}
          METRIC_PIPELINE | {output: {kamelet: {name: x}}, input: {istio: {enabled: true, namespaces: {include: [a]}, envoyMetrics: {enabled: true}}}} | {output: {kamelet: {name: x}}, input: {istio: {enabled: true, namespaces: {include: [a]}, envoyMetrics: {enabled: true}, diagnosticMetrics: {enabled: false}}, otlp: {enabled: true, namespaces: {}}}}
          METRIC_PIPELINE | {output: {kamelet: {name: x}}, input: {runtime: {enabled: true, namespaces: {}, resources: {pod: {enabled: false}, node: {}}}}} | {output: {kamelet: {name: x}}, input: {runtime: {enabled: true, namespaces: {}, resources: {pod: {enabled: false}, container: {enabled: true}, node: {enabled: true}, volume: {enabled: true}, daemonset: {enabled: true}, deployment: {enabled: true}, statefulset: {enabled: true}, job: {enabled: true}}}, otlp: {enabled: true, namespaces: {}}}}
          TELEMETRY | {metric: {}} | {metric: {}}
          """)
  void shouldAddWhatTheManifestLeavesOut(ResourceKind kind, String spec, String expected) {
    Admission.Review review = Admission.review(kind, Trees.resource(kind, spec));

    assertThat(review.violations()).isEmpty();
    assertThat(review.tree().path("spec")).isEqualTo(Trees.tree(expected));
  }
}
