/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.bench;

import java.util.Locale;

/**
 * The manifest of the pipeline that does a workload's work.
 *
 * @param acknowledge {@code spec.delivery.acknowledge}
 */
record PipelineManifest(Workload workload, String acknowledge) {

  /**
   * @param target the port of the backend on 127.0.0.1
   */
  String toYaml(String name, int target) {
    return """
        apiVersion: telemetry.kyma-project.io/v1beta1
        kind: %s
        metadata:
          name: %s
        spec:
        %s  output:
            otlp:
              protocol: %s
              endpoint:
                value: http://127.0.0.1:%d
              compression: %s
          delivery: {acknowledge: %s}
        """
        .formatted(
            kind(),
            name,
            input(),
            workload.transport().name().toLowerCase(Locale.ROOT),
            target,
            workload.encoding().name().toLowerCase(Locale.ROOT),
            acknowledge);
  }

  private String kind() {
    return switch (workload.signal()) {
      case TRACES -> "TracePipeline";
      case METRICS -> "MetricPipeline";
      case LOGS -> "LogPipeline";
    };
  }

  private String input() {
    String runtime = "    runtime: {enabled: false}\n";
    String otlp =
        workload.work() == Work.FILTER
            ? "    otlp: {namespaces: {exclude: [%s]}}\n".formatted(SampleResources.EXCLUDED)
            : "";
    return switch (workload.signal()) {
      case TRACES -> "";
      case METRICS, LOGS -> "  input:\n" + runtime + otlp;
    };
  }
}
