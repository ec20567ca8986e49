/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.api;

import java.util.List;

/** A MetricPipeline of {@code telemetry.kyma-project.io/v1beta1}. */
public record MetricPipeline(
    ObjectMeta metadata,
    Input input,
    Output output,
    List<TransformSpec> transform,
    List<FilterSpec> filter,
    Delivery delivery)
    implements Pipeline {

  public MetricPipeline {
    transform = List.copyOf(transform);
    filter = List.copyOf(filter);
  }

  @Override
  public PipelineKind kind() {
    return PipelineKind.METRIC;
  }

  @Override
  public Pipeline with(ObjectMeta other) {
    return new MetricPipeline(other, input, output, transform, filter, delivery);
  }

  /** Where metrics come from. */
  public record Input(OtlpInput otlp, Prometheus prometheus, Istio istio, RuntimeInput runtime) {}

  /** Scraping of annotated Pods and Services. */
  public record Prometheus(
      boolean enabled, NamespaceSelector namespaces, Toggle diagnosticMetrics) {}

  /**
   * Scraping of Istio's sidecars.
   *
   * @param envoyMetrics whether {@code envoy_*} metrics are kept too
   */
  public record Istio(
      boolean enabled,
      NamespaceSelector namespaces,
      Toggle diagnosticMetrics,
      Toggle envoyMetrics) {}

  /**
   * Metrics of the kubelet and of the API server's objects.
   *
   * @param namespaces applies to metrics that have a namespace
   * @param additionalMetrics names of further metrics; they override {@code resources}
   */
  public record RuntimeInput(
      boolean enabled,
      NamespaceSelector namespaces,
      Resources resources,
      List<String> additionalMetrics) {

    public RuntimeInput {
      additionalMetrics = List.copyOf(additionalMetrics);
    }
  }

  /** The families of runtime metrics. */
  public record Resources(
      Toggle pod,
      Toggle container,
      Toggle node,
      Toggle volume,
      Toggle daemonset,
      Toggle deployment,
      Toggle statefulset,
      Toggle job) {}

  /** An object whose only field is {@code enabled}. */
  public record Toggle(boolean enabled) {}
}
