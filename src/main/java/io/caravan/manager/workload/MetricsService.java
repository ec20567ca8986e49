/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.util.Map;

/** Where Prometheus finds a component's metrics. */
final class MetricsService {
  private MetricsService() {}

  static Service of(Metadata metadata) {
    return new ServiceBuilder()
        .withMetadata(
            new ObjectMetaBuilder(metadata.named(metadata.component().objectName() + "-metrics"))
                .addToLabels("telemetry.kyma-project.io/self-monitor", "enabled")
                .withAnnotations(annotations(Port.ADMIN))
                .build())
        .withNewSpec()
        .withType("ClusterIP")
        .withSelector(Labels.selector(metadata.component()))
        .withPorts(Port.ADMIN.ofService())
        .endSpec()
        .build();
  }

  static Map<String, String> annotations(Port port) {
    return Map.of(
        "prometheus.io/scrape", "true",
        "prometheus.io/port", String.valueOf(port.number()),
        "prometheus.io/scheme", "http");
  }
}
