/*
 * Copyright The Caravan Authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.caravan.manager.workload;

import io.caravan.manager.workload.Needs.Mesh;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What pods tell Istio: which of their traffic its sidecar takes. */
final class MeshAnnotations {
  private static final String TRAFFIC = "traffic.sidecar.istio.io/";

  private MeshAnnotations() {}

  /** Nothing without a mesh. */
  static Map<String, String> of(Component component, Optional<Mesh> mesh) {
    return mesh.map(present -> of(component, present)).orElse(Map.of());
  }

  private static Map<String, String> of(Component component, Mesh mesh) {
    return switch (component) {
      // Senders are known by their address, which only the transparent proxy keeps.
      case GATEWAY ->
          Map.of(
              TRAFFIC + "includeInboundPorts", "", "sidecar.istio.io/interceptionMode", "TPROXY");
      case LOG_AGENT -> Map.of(TRAFFIC + "excludeInboundPorts", admin());
      case METRIC_AGENT -> metricAgent(mesh);
    };
  }

  /** It scrapes past the sidecar, with the sidecar's certificates, and exports through it. */
  private static Map<String, String> metricAgent(Mesh mesh) {
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(TRAFFIC + "excludeInboundPorts", admin());
    annotations.put(TRAFFIC + "includeOutboundIPRanges", "");
    annotations.put(
        TRAFFIC + "includeOutboundPorts",
        mesh.backendPorts().stream().map(String::valueOf).collect(Collectors.joining(",")));
    annotations.put("proxy.istio.io/config", OUTPUT_CERTIFICATES);
    annotations.put(
        "sidecar.istio.io/userVolumeMount",
        "[{\"name\": \"istio-certs\", \"mountPath\": \"/etc/istio-output-certs\"}]");
    return annotations;
  }

  private static final String OUTPUT_CERTIFICATES =
      """
      proxyMetadata:
        OUTPUT_CERTS: /etc/istio-output-certs
      """;

  private static String admin() {
    return String.valueOf(Port.ADMIN.number());
  }
}
